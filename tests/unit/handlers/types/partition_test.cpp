#include "handlers/types/partition.hpp"

#include <gtest/gtest.h>

namespace ringi {
namespace {

TEST(Partition, IsToldByARegionsName) {
  const auto name_of = [](const char* region) { return partition_of(*Region::parse(region)).name; };
  EXPECT_EQ(name_of("eu-west-1"), "aws");
  EXPECT_EQ(name_of("cn-north-1"), "aws-cn");
  EXPECT_EQ(name_of("us-gov-west-1"), "aws-us-gov");
  EXPECT_EQ(name_of("us-isob-east-1"), "aws-iso-b");
  EXPECT_TRUE(is_partition("aws-eusc"));
  EXPECT_FALSE(is_partition("aws-moon"));
}

TEST(Partition, KnowsTheRegionsThatAwsHas) {
  for (const auto* region : {"us-east-1", "ap-northeast-1", "mx-central-1", "cn-northwest-1",
                             "us-gov-east-1", "eusc-de-east-1", "eu-isoe-west-1"})
    EXPECT_TRUE(is_known_region(*Region::parse(region))) << region;
  for (const auto* region : {"us-east-9", "us-invented-1", "eu-west-11", "cn-south-1"})
    EXPECT_FALSE(is_known_region(*Region::parse(region))) << region;
}

}  // namespace
}  // namespace ringi
