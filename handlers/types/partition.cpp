#include "handlers/types/partition.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ringi {
namespace {

// The longer prefix stands before the shorter one. Source: botocore's partitions.json.
constexpr std::array<std::pair<std::string_view, Partition>, 8> partitions{{
    {"cn-", {"aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"}},
    {"us-gov-", {"aws-us-gov", "amazonaws.com", "api.aws"}},
    {"eusc-", {"aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"}},
    {"us-isob-", {"aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"}},
    {"us-isof-", {"aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"}},
    {"us-iso-", {"aws-iso", "c2s.ic.gov", "api.aws.ic.gov"}},
    {"eu-isoe-", {"aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"}},
    {"", {"aws", "amazonaws.com", "api.aws"}},
}};

constexpr std::array<std::string_view, 48> regions{
    "af-south-1",      "ap-east-1",      "ap-east-2",      "ap-northeast-1", "ap-northeast-2",
    "ap-northeast-3",  "ap-south-1",     "ap-south-2",     "ap-southeast-1", "ap-southeast-2",
    "ap-southeast-3",  "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
    "ca-central-1",    "ca-west-1",      "cn-north-1",     "cn-northwest-1", "eu-central-1",
    "eu-central-2",    "eu-isoe-west-1", "eu-north-1",     "eu-south-1",     "eu-south-2",
    "eu-west-1",       "eu-west-2",      "eu-west-3",      "eusc-de-east-1", "il-central-1",
    "me-central-1",    "me-south-1",     "me-west-1",      "mx-central-1",   "sa-east-1",
    "sa-west-1",       "us-east-1",      "us-east-2",      "us-gov-east-1",  "us-gov-west-1",
    "us-iso-east-1",   "us-iso-west-1",  "us-isob-east-1", "us-isob-west-1", "us-isof-east-1",
    "us-isof-south-1", "us-west-1",      "us-west-2"};

}  // namespace

const Partition& partition_of(const Region& region) {
  for (const auto& [prefix, partition] : partitions)
    if (region.str().starts_with(prefix)) return partition;
  return partitions.back().second;
}

bool is_partition(std::string_view name) {
  return std::ranges::any_of(partitions,
                             [&](const auto& entry) { return entry.second.name == name; });
}

bool is_known_region(const Region& region) {
  return std::ranges::find(regions, region.str()) != regions.end();
}

}  // namespace ringi
