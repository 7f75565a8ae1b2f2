#include "server/net/address.hpp"

#include <gtest/gtest.h>

namespace ringi::net {
namespace {

struct Case {
  const char* name;
  const char* url;
  bool allowed;
};

class AddressRule : public ::testing::TestWithParam<Case> {};

TEST_P(AddressRule, Holds) {
  EXPECT_EQ(allowed_address(GetParam().url).has_value(), GetParam().allowed);
}

INSTANTIATE_TEST_SUITE_P(
    Urls, AddressRule,
    ::testing::Values(Case{"Https", "https://slack.com/api/x", true},
                      Case{"HttpLoopback", "http://127.0.0.1:80/", true},
                      Case{"HttpLoopback6", "http://[::1]:80/", true},
                      Case{"HttpLocalhost", "http://LocalHost:1/", true},
                      Case{"EcsCredentials", "http://169.254.170.2/v2", true},
                      Case{"EksCredentials", "http://169.254.170.23/v1", true},
                      Case{"EksCredentials6", "http://[fd00:ec2::23]/v1", true},
                      Case{"Imds", "http://169.254.169.254/latest", true},
                      Case{"Imds6", "http://[fd00:ec2::254]/latest", true},
                      Case{"NextToImds", "http://169.254.169.253/", false},
                      Case{"HttpOutside", "http://slack.com/", false},
                      Case{"LoopbackAsPrefix", "http://127.0.0.1.example.com/", false},
                      Case{"LocalhostAsPrefix", "http://localhost.example.com/", false},
                      Case{"UserInformation", "http://127.0.0.1@example.com/", false},
                      Case{"UserInformationTls", "https://a:b@example.com/", false},
                      Case{"File", "file:///etc/passwd", false},
                      Case{"Ftp", "ftp://127.0.0.1/", false},
                      Case{"NoScheme", "slack.com/api", false}, Case{"Empty", "", false}),
    [](const auto& info) { return std::string{info.param.name}; });

TEST(Address, KnowsThePortThatTheUrlDoesNotName) {
  EXPECT_EQ(parse_address("https://Hooks.Slack.com/x")->host, "hooks.slack.com");
  EXPECT_EQ(parse_address("https://hooks.slack.com/x")->port, "443");
}

TEST(BaseAddress, IsReadAsLibcurlReadsIt) {
  const auto address = parse_base_address("http://127.1:8080/a/../b");
  EXPECT_EQ(address->host, "127.0.0.1");
  EXPECT_TRUE(is_loopback(*address));
  EXPECT_EQ(address->path, "/a/../b");
  EXPECT_EQ(parse_base_address("https://a.example")->path, "/");
  EXPECT_EQ(parse_base_address("https://a.example:8443/x:")->path, "/x:");
  EXPECT_EQ(parse_base_address("http://[::1]:8080//x")->host, "[::1]");
}

TEST(BaseAddress, IsPlain) {
  for (const auto* url :
       {"https://a.example/?x", "https://a.example/#x", "https://u@a.example/", "https://a%2eb/",
        "https://a.example/ b", "https://a.example/\n", "https://127.0.0.1:0/",
        "https://127.0.0.1:65536/", "https://[::1/", "a.example", "ftp://a.example/", "",
        "https:/a.example/x", "https:///a.example/x", "HTTPS://a.example", "Http://127.0.0.1/",
        "https://a.example:", "https://a.example:/x", "https://[::1]:/x"})
    EXPECT_TRUE(parse_base_address(url).has_error()) << url;
}

TEST(Authority, LeavesOutThePortThatTheSchemeImplies) {
  EXPECT_EQ(authority(*parse_address("https://a.example:443/x")), "a.example");
  EXPECT_EQ(authority(*parse_address("http://a.example:443")), "a.example:443");
}

}  // namespace
}  // namespace ringi::net
