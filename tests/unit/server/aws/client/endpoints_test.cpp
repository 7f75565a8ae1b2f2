#include "server/aws/client/endpoints.hpp"

#include "server/aws/models/models.hpp"

#include <gmock/gmock.h>

namespace ringi::aws {
namespace {

using testing::HasSubstr;

std::string url_of(const char* service, const char* region, const Environment& environment = {},
                   bool allow_stand_ins = false) {
  const auto endpoints = Endpoints::make(environment, allow_stand_ins);
  Models models;
  return endpoints->resolve(*models.find(service), *Region::parse(region))->url();
}

TEST(Endpoints, FollowTheRegionsPartition) {
  EXPECT_EQ(url_of("sts", "eu-west-1"), "https://sts.eu-west-1.amazonaws.com/");
  EXPECT_EQ(url_of("sns", "cn-north-1"), "https://sns.cn-north-1.amazonaws.com.cn/");
  EXPECT_EQ(url_of("codepipeline", "us-gov-west-1"),
            "https://codepipeline.us-gov-west-1.amazonaws.com/");
  EXPECT_EQ(url_of("sts", "eusc-de-east-1"), "https://sts.eusc-de-east-1.amazonaws.eu/");
  EXPECT_EQ(url_of("sts", "us-isob-east-1"), "https://sts.us-isob-east-1.sc2s.sgov.gov/");
}

TEST(Endpoints, OfOneServiceGoBeforeThoseOfAll) {
  const Environment environment{
      {"AWS_ENDPOINT_URL", "http://127.0.0.1:4566"},
      {"AWS_ENDPOINT_URL_STS", "https://vpce-1.sts.eu-west-1.vpce.amazonaws.com"},
      {"AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://[::1]:1/base/"}};
  EXPECT_EQ(url_of("sns", "eu-west-1", environment), "http://127.0.0.1:4566/");
  EXPECT_EQ(url_of("sts", "eu-west-1", environment),
            "https://vpce-1.sts.eu-west-1.vpce.amazonaws.com/");
  EXPECT_EQ(url_of("secretsmanager", "eu-west-1", environment), "http://[::1]:1/base/");
  const auto endpoints = Endpoints::make(environment, false);
  Models models;
  const auto local = endpoints->resolve(*models.find("sns"), *Region::parse("eu-west-1"));
  EXPECT_EQ(local->host, "127.0.0.1:4566");
}

TEST(Endpoints, TakeARequestBehindTheirOwnPathAndBesideItsHostPrefix) {
  const Endpoint ours{.scheme = "https", .host = "a.example", .path = "/base/"};
  const WireRequest request{.path = "/x/y", .query = "q=1", .host_prefix = "123."};
  EXPECT_EQ(ours.with(request).url(), "https://123.a.example/base/x/y?q=1");
  EXPECT_EQ(ours.with({}).url(), "https://a.example/base/");
  const auto local = Endpoints::make({{"AWS_ENDPOINT_URL", "http://127.0.0.1:1/base"}}, false);
  Models models;
  const auto here = local->resolve(*models.find("s3control"), *Region::parse("eu-west-1"));
  EXPECT_EQ(here->with(request).url(), "http://127.0.0.1:1/base/x/y?q=1") << "it has one name";
}

// What is signed is what libcurl sends, however it was written.
TEST(Endpoints, AreCalledAsTheyAreRead) {
  EXPECT_EQ(
      url_of("sts", "eu-west-1", {{"AWS_ENDPOINT_URL", "https://STS.eu-west-1.amazonaws.com:443"}}),
      "https://sts.eu-west-1.amazonaws.com/");
  EXPECT_EQ(url_of("sts", "eu-west-1", {{"AWS_ENDPOINT_URL", "http://127.1:4566/base"}}),
            "http://127.0.0.1:4566/base");
}

TEST(Endpoints, MayBeToldToIgnoreTheEnvironment) {
  const Environment environment{{"AWS_ENDPOINT_URL", "https://stand-in.example"},
                                {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}};
  EXPECT_EQ(url_of("sns", "eu-west-1", environment), "https://sns.eu-west-1.amazonaws.com/");
}

TEST(Endpoints, TakeAnEmptyVariableForNone) {
  EXPECT_EQ(url_of("sns", "eu-west-1", {{"AWS_ENDPOINT_URL", ""}}),
            "https://sns.eu-west-1.amazonaws.com/");
}

TEST(Endpoints, OfServicesThatRingiCanDoWithoutAreRefusedWhenTheyAreCalled) {
  const Environment environment{{"AWS_ENDPOINT_URL_S3", "https://storage.example"},
                                {"AWS_ENDPOINT_URL_DYNAMODB", "not even a URL"},
                                {"AWS_ENDPOINT_URL_OURS", "https://ours.example"},
                                {"AWS_ENDPOINT_URLS", "https://another.example"},
                                {"AWS_ENDPOINT_URL_STS", "http://127.0.0.1:4566"}};
  const auto endpoints = Endpoints::make(environment, false);
  ASSERT_TRUE(endpoints) << endpoints.error().log.text;
  EXPECT_EQ(endpoints->ignored(),
            (std::vector<std::string>{"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_OURS",
                                      "AWS_ENDPOINT_URL_S3"}));
  Models models;
  const auto refused = endpoints->resolve(*models.find("s3"), *Region::parse("eu-west-1"));
  ASSERT_TRUE(refused.has_error());
  EXPECT_EQ(refused.error().code, Errc::denied);
  EXPECT_THAT(refused.error().log.text, HasSubstr("AWS_ENDPOINT_URL_S3 names storage.example"));
}

struct Home {
  const char* service;
  const char* region;
  const char* url;
  const char* signing_region;
};

class HomeOf : public testing::TestWithParam<Home> {};

// facts: what botocore's rule sets answer.
TEST_P(HomeOf, AService) {
  Models models;
  const auto endpoints = Endpoints::make({}, false).value();
  const auto found =
      endpoints.resolve(*models.find(GetParam().service), *Region::parse(GetParam().region));
  EXPECT_EQ(found->url(), GetParam().url);
  EXPECT_EQ(found->signing_region, GetParam().signing_region);
}

INSTANTIATE_TEST_SUITE_P(
    Endpoints, HomeOf,
    testing::Values(
        Home{"iam", "eu-west-1", "https://iam.amazonaws.com/", "us-east-1"},
        Home{"iam", "us-gov-west-1", "https://iam.us-gov.amazonaws.com/", "us-gov-west-1"},
        Home{"iam", "cn-north-1", "https://iam.cn-north-1.amazonaws.com.cn/", "cn-north-1"},
        Home{"organizations", "eu-west-1", "https://organizations.us-east-1.amazonaws.com/",
             "us-east-1"},
        Home{"organizations", "cn-north-1",
             "https://organizations.cn-northwest-1.amazonaws.com.cn/", "cn-northwest-1"},
        Home{"route53", "cn-north-1", "https://route53.amazonaws.com.cn/", "cn-northwest-1"},
        Home{"cloudfront", "us-gov-west-1", "https://cloudfront.amazonaws.com/", "us-gov-west-1"},
        Home{"ce", "eu-west-1", "https://ce.us-east-1.amazonaws.com/", "us-east-1"},
        Home{"networkmanager", "eu-west-1", "https://networkmanager.us-west-2.amazonaws.com/",
             "us-west-2"},
        Home{"cloudwatch", "eu-west-1", "https://monitoring.eu-west-1.amazonaws.com/", "eu-west-1"},
        Home{"ecr", "eu-west-1", "https://api.ecr.eu-west-1.amazonaws.com/", "eu-west-1"},
        Home{"datazone", "cn-north-1", "https://datazone.cn-north-1.api.amazonwebservices.com.cn/",
             "cn-north-1"},
        Home{"health", "eu-west-1", "https://health.us-east-1.amazonaws.com/", "us-east-1"},
        Home{"globalaccelerator", "eu-west-1", "https://globalaccelerator.us-west-2.amazonaws.com/",
             "us-west-2"}),
    [](const auto& info) {
      std::string name = std::string{info.param.service} + info.param.region;
      std::erase(name, '-');
      return name;
    });

struct Refused {
  const char* name;
  const char* address;
  bool allow_stand_ins;
};

class RefusedEndpoint : public testing::TestWithParam<Refused> {};

TEST_P(RefusedEndpoint, IsAnErrorThatNamesTheVariable) {
  const Environment environment{{"AWS_ENDPOINT_URL_STS", GetParam().address}};
  const auto endpoints = Endpoints::make(environment, GetParam().allow_stand_ins);
  ASSERT_FALSE(endpoints);
  EXPECT_EQ(endpoints.error().code, Errc::invalid);
  EXPECT_THAT(endpoints.error().person.text, HasSubstr("AWS_ENDPOINT_URL_STS"));
}

INSTANTIATE_TEST_SUITE_P(
    Table, RefusedEndpoint,
    testing::Values(Refused{"elsewhere", "https://stand-in.example", false},
                    Refused{"lookalike", "https://sts.amazonaws.com.evil.tld", false},
                    Refused{"bare_suffix", "https://evilamazonaws.com", false},
                    Refused{"http_to_aws", "http://sts.eu-west-1.amazonaws.com", true},
                    Refused{"http_elsewhere", "http://stand-in.example", true},
                    Refused{"user_info", "https://a@sts.eu-west-1.amazonaws.com", true},
                    Refused{"query", "https://sts.eu-west-1.amazonaws.com/?a", true},
                    Refused{"no_scheme", "sts.eu-west-1.amazonaws.com", true},
                    Refused{"port_zero", "https://127.0.0.1:0", true},
                    Refused{"loopback_as_name", "http://127.0.0.1.evil.tld", true}),
    [](const auto& row) { return row.param.name; });

TEST(Endpoints, MayBeStandInsWhereThatIsAllowed) {
  EXPECT_EQ(
      url_of("sts", "eu-west-1", {{"AWS_ENDPOINT_URL", "https://stand-in.example:8443"}}, true),
      "https://stand-in.example:8443/");
}

}  // namespace
}  // namespace ringi::aws
