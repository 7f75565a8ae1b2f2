#include "server/aws/service.hpp"

#include <algorithm>
#include <array>

namespace ringi::aws {
namespace {

using enum Service::Protocol;

constexpr std::array services{
    Service{"codepipeline", "codepipeline", "codepipeline", "CODEPIPELINE", json, "1.1",
            "CodePipeline_20150709", "2015-07-09"},
    Service{"organizations", "organizations", "organizations", "ORGANIZATIONS", json, "1.1",
            "AWSOrganizationsV20161128", "2016-11-28"},
    Service{"secretsmanager", "secretsmanager", "secretsmanager", "SECRETS_MANAGER", json, "1.1",
            "secretsmanager", "2017-10-17"},
    Service{"sns", "sns", "sns", "SNS", query, "", "", "2010-03-31"},
    Service{"sqs", "sqs", "sqs", "SQS", json, "1.0", "AmazonSQS", "2012-11-05"},
    Service{"ssm", "ssm", "ssm", "SSM", json, "1.1", "AmazonSSM", "2014-11-06"},
    Service{"sts", "sts", "sts", "STS", query, "", "", "2011-06-15"},
};

}  // namespace

const Service* find_service(std::string_view name) {
  const auto found = std::ranges::find(services, name, &Service::name);
  return found == services.end() ? nullptr : &*found;
}

bool has_service_id(std::string_view id) {
  return std::ranges::find(services, id, &Service::service_id) != services.end();
}

}  // namespace ringi::aws
