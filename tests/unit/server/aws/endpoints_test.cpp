#include "server/aws/endpoints.hpp"

#include <gmock/gmock.h>

namespace ringi::aws {
namespace {

using testing::HasSubstr;

std::string url_of(const char* service, const char* region, const Environment& environment = {},
                   bool allow_stand_ins = false) {
  const auto endpoints = Endpoints::make(environment, allow_stand_ins);
  return endpoints->resolve(*find_service(service), *Region::parse(region)).url;
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
  const auto local = endpoints->resolve(*find_service("sns"), *Region::parse("eu-west-1"));
  EXPECT_EQ(local.host, "127.0.0.1:4566");
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

TEST(Endpoints, OfServicesThatAreNeverCalledAreLeftAside) {
  const Environment environment{{"AWS_ENDPOINT_URL_S3", "https://storage.example"},
                                {"AWS_ENDPOINT_URL_DYNAMODB", "not even a URL"},
                                {"AWS_ENDPOINT_URLS", "https://another.example"},
                                {"AWS_ENDPOINT_URL_STS", "http://127.0.0.1:4566"}};
  const auto endpoints = Endpoints::make(environment, false);
  ASSERT_TRUE(endpoints) << endpoints.error().log.text;
  EXPECT_EQ(endpoints->ignored(),
            (std::vector<std::string>{"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_S3"}));
}

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
