#include "server/aws/client/sigv4.hpp"

#include "tests/unit/checkout.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ringi::aws {
namespace {

using nlohmann::json;
using ringi::test::corpora;
using ringi::test::text_of_file;

// A request text of the suite: start line, headers (folded lines too), a blank line, the body.
SigningRequest parse_request(const std::string& text) {
  SigningRequest request;
  std::istringstream in{text};
  std::string line;
  std::getline(in, line);
  const auto first = line.find(' '), last = line.rfind(' ');
  request.method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  const auto mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != target.npos) request.query = target.substr(mark + 1);
  while (std::getline(in, line) && !line.empty()) {
    if (line.front() == ' ') {
      request.headers.back().second += "\n" + line;
    } else {
      const auto colon = line.find(':');
      request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 1));
    }
  }
  std::getline(in, request.body, '\0');
  return request;
}

Credentials credentials_of(const json& context) {
  const auto& given = context.at("credentials");
  return {.access_key_id = given.at("access_key_id"),
          .secret_access_key = config::Secret{given.at("secret_access_key")},
          .session_token = config::Secret{given.value("token", "")}};
}

Signed sign_case(const std::filesystem::path& folder) {
  const auto context = json::parse(text_of_file(folder / "context.json"));
  const SigningOptions options{.normalize_path = context.at("normalize"),
                               .sign_body = context.at("sign_body"),
                               .omit_session_token = context.value("omit_session_token", false)};
  const SigningScope scope{context.at("region"), context.at("service")};
  const auto now = parse_rfc3339(context.at("timestamp").get<std::string>());
  SigningKeys keys;
  return sign(parse_request(text_of_file(folder / "request.txt")), credentials_of(context), scope,
              *now, keys, options);
}

// The suite's request with the headers that signing adds, written out again.
std::string signed_text(const SigningRequest& request, const std::string& start_line,
                        const Headers& added) {
  auto text = start_line + "\n";
  for (const auto& headers : {request.headers, added})
    for (const auto& [name, value] : headers) text += name + ":" + value + "\n";
  return text + "\n" + request.body;
}

std::string without_trailing_newlines(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

TEST(SigV4, AgreesWithEveryCaseOfAwsAtEveryStage) {
  if (!exists(corpora("sigv4"))) GTEST_SKIP() << "no corpora";
  int cases = 0;
  for (const auto& entry : std::filesystem::directory_iterator{corpora("sigv4")}) {
    SCOPED_TRACE(entry.path().filename().string());
    const auto result = sign_case(entry.path());
    const auto text = text_of_file(entry.path() / "request.txt");
    EXPECT_EQ(result.canonical_request,
              text_of_file(entry.path() / "header-canonical-request.txt"));
    EXPECT_EQ(result.string_to_sign, text_of_file(entry.path() / "header-string-to-sign.txt"));
    EXPECT_EQ(result.signature, text_of_file(entry.path() / "header-signature.txt"));
    const auto whole =
        signed_text(parse_request(text), text.substr(0, text.find('\n')), result.headers);
    EXPECT_EQ(without_trailing_newlines(whole),
              without_trailing_newlines(text_of_file(entry.path() / "header-signed-request.txt")));
    ++cases;
  }
  EXPECT_EQ(cases, 38);
}

class SigV4Own : public testing::Test {
 protected:
  std::string line(int number, SigningRequest request) {
    request.method = "GET";
    request.headers.emplace_back("Host", "example.amazonaws.com");
    const Credentials credentials{.access_key_id = "AKIDEXAMPLE",
                                  .secret_access_key = config::Secret{"secret"}};
    std::istringstream in{
        sign(request, credentials, {"us-east-1", "service"}, Time{}, keys_).canonical_request};
    std::string text;
    for (int i = 0; i < number; ++i) std::getline(in, text);
    return text;
  }
  SigningKeys keys_;
};

TEST_F(SigV4Own, EncodesAPathThatIsAlreadyEncodedOnceMore) {
  EXPECT_EQ(line(2, {.path = "/a%20b/c%2Fd"}), "/a%2520b/c%252Fd");
  EXPECT_EQ(line(2, {.path = "/topics/arn:aws:sns"}), "/topics/arn%3Aaws%3Asns");
}

TEST_F(SigV4Own, SortsTheQueryAsPairsNotAsText) {
  EXPECT_EQ(line(3, {.path = "/", .query = "a-=b&a=z&a=%41&a=B"}), "a=%41&a=B&a=z&a-=b");
}

TEST_F(SigV4Own, GivesANameWithoutAValueAnEqualsSign) {
  EXPECT_EQ(line(3, {.path = "/", .query = "b&&a=1"}), "a=1&b=");
}

TEST_F(SigV4Own, KeepsWhatIsEncodedInAQueryAndEncodesTheRest) {
  EXPECT_EQ(line(3, {.path = "/", .query = "k=a+b/c%2fd%zz"}), "k=a%2Bb%2Fc%2Fd%25zz");
}

TEST_F(SigV4Own, LeavesOutHeadersThatChangeOnTheWay) {
  const Headers headers{
      {"User-Agent", "ringi"}, {"X-Amzn-Trace-Id", "1"}, {"Expect", ""}, {"X-Kept", "a  b"}};
  EXPECT_EQ(line(4, {.path = "/", .headers = headers}), "host:example.amazonaws.com");
  EXPECT_EQ(line(6, {.path = "/", .headers = headers}), "x-kept:a b");
}

TEST(SigningKeys, DifferByDayRegionServiceAndKey) {
  SigningKeys keys;
  const Credentials one{.access_key_id = "A", .secret_access_key = config::Secret{"s"}};
  const Credentials two{.access_key_id = "B", .secret_access_key = config::Secret{"t"}};
  const auto base = keys.key(one, "20260101", {"us-east-1", "sts"});
  EXPECT_EQ(keys.key(one, "20260101", {"us-east-1", "sts"}), base);
  EXPECT_NE(keys.key(one, "20260102", {"us-east-1", "sts"}), base);
  EXPECT_NE(keys.key(one, "20260101", {"us-east-2", "sts"}), base);
  EXPECT_NE(keys.key(one, "20260101", {"us-east-1", "sns"}), base);
  EXPECT_NE(keys.key(two, "20260101", {"us-east-1", "sts"}), base);
}

}  // namespace
}  // namespace ringi::aws
