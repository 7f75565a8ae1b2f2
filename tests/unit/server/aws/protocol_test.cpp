#include "server/aws/http_date.hpp"
#include "server/aws/protocol_json.hpp"
#include "server/aws/protocol_query.hpp"
#include "server/net/transport.hpp"
#include "tests/unit/checkout.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <functional>
#include <set>
#include <sstream>

namespace ringi::aws {
namespace {

using nlohmann::json;
using ringi::test::corpora;
using ringi::test::text_of_file;

constexpr Service query_service{"s", "s", "s", "S", Service::Protocol::query, "", "", "2020-01-08"};

std::string form(const json& input) {
  return query_request(query_service, "Op", input).body;
}

std::optional<json> output(const std::string& xml) {
  return query_output(net::Answer{200, {}, xml}, "Op");
}

TEST(QueryProtocol, WritesStructuresListsAndScalars) {
  const json input{{"Nested", {{"Flag", true}, {"Count", 3}}},
                   {"List", {"a b", "c"}},
                   {"None", nullptr},
                   {"Empty", json::array()},
                   {"Deep", {{{"Key", "x"}}}}};
  EXPECT_EQ(form(input),
            "Action=Op&Version=2020-01-08&Deep.member.1.Key=x&Empty=&List.member.1=a%20b"
            "&List.member.2=c&Nested.Count=3&Nested.Flag=true");
}

TEST(QueryProtocol, EncodesWhatCouldEndAValue) {
  EXPECT_EQ(form({{"K", "a&b=c+d/é"}}), "Action=Op&Version=2020-01-08&K=a%26b%3Dc%2Bd%2F%C3%A9");
}

TEST(QueryProtocol, ReadsStructuresListsMapsAndRepeatedTags) {
  const auto read = output(R"(<OpResponse xmlns="x"><OpResult>
    <Name>a &amp; b</Name><Empty/>
    <List><member>1</member></List>
    <Map><entry><key>k</key><value>v</value></entry></Map>
    <Flat>1</Flat><Flat>2</Flat></OpResult></OpResponse>)");
  EXPECT_EQ(*read, (json{{"Name", "a & b"},
                         {"Empty", ""},
                         {"List", {"1"}},
                         {"Map", {{"k", "v"}}},
                         {"Flat", {"1", "2"}}}));
}

TEST(QueryProtocol, ReadsAnOutputThatIsEmpty) {
  EXPECT_EQ(*output("<OpResponse><ResponseMetadata/></OpResponse>"), json::object());
}

TEST(QueryProtocol, ExpandsNoEntityAndFetchesNoDtd) {
  const auto read = output(R"(<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>
    <OpResponse><OpResult><A>&e;</A></OpResult></OpResponse>)");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at("A"), "&e;");
}

TEST(QueryProtocol, RefusesWhatIsNoXmlOrTooDeep) {
  EXPECT_FALSE(output("{}"));
  EXPECT_FALSE(output(""));
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<a>";
  for (int i = 0; i < 100; ++i) deep += "</a>";
  EXPECT_FALSE(output("<OpResponse><OpResult>" + deep + "</OpResult></OpResponse>"));
}

TEST(QueryProtocol, FindsCodeMessageAndRequestId) {
  const auto failure = query_failure(net::Answer{
      403,
      {},
      "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message>"
      "</Error><RequestId>r-1</RequestId></ErrorResponse>"});
  EXPECT_EQ(failure.code, "AccessDenied");
  EXPECT_EQ(failure.message, "no");
  EXPECT_EQ(failure.request_id, "r-1");
  EXPECT_EQ(query_failure(net::Answer{502, {}, "Bad Gateway"}).code, "");
}

TEST(JsonProtocol, CutsTheCodeOutOfItsNamespaceAndAddress) {
  const net::Answer plain{400, {}, R"({"__type":"a.b#FooError:http://x","Message":"m"})"};
  EXPECT_EQ(json_failure(plain).code, "FooError");
  EXPECT_EQ(json_failure(plain).message, "m");
  EXPECT_EQ(json_failure(net::Answer{400, {{"x-amzn-errortype", "BarError:"}}, ""}).code,
            "BarError");
  const net::Answer query{400, {{"x-amzn-query-error", "Old.Code;Sender"}}, R"({"__type":"New"})"};
  EXPECT_EQ(json_failure(query).code, "Old.Code");
}

TEST(JsonProtocol, SurvivesWhatIsNoJson) {
  EXPECT_EQ(json_failure(net::Answer{500, {}, "<html>"}).code, "");
  EXPECT_EQ(json_failure(net::Answer{400, {}, R"({"__type":7,"message":[]})"}).code, "");
  EXPECT_FALSE(json_output(net::Answer{200, {}, "[1]"}));
  EXPECT_EQ(*json_output(net::Answer{200, {}, ""}), json::object());
}

// botocore's suites, in so far as they need no model.
void each_case(const std::string& file,
               const std::function<void(const json& suite, const json& one)>& look) {
  for (const auto& suite : json::parse(text_of_file(corpora("aws-protocols") / file)))
    for (const auto& one : suite.at("cases")) {
      SCOPED_TRACE(one.at("id").get<std::string>());
      look(suite, one);
    }
}

net::Answer answer_of(const json& one) {
  const auto& response = one.at("response");
  net::Answer answer{response.at("status_code"), {}, response.value("body", "")};
  const auto headers = response.value("headers", json::object());
  for (const auto& [name, value] : headers.items()) {
    std::string lower{name};
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return static_cast<char>(std::tolower(c)); });
    answer.headers.emplace_back(lower, value.get<std::string>());
  }
  return answer;
}

TEST(Protocols, FindTheErrorCodesOfBotocoresSuites) {
  if (!exists(corpora("aws-protocols"))) GTEST_SKIP() << "no corpora";
  int errors = 0;
  for (const std::string file : {"json.json", "json_1_0.json", "query.json"})
    each_case("output/" + file, [&](const json&, const json& one) {
      if (!one.contains("errorCode")) return;
      const auto answer = answer_of(one);
      const auto failure = file == "query.json" ? query_failure(answer) : json_failure(answer);
      EXPECT_EQ(failure.code, one.at("errorCode").get<std::string>());
      ++errors;
    });
  EXPECT_GE(errors, 8);
}

TEST(Protocols, WriteTheQueryFormsOfBotocoresSuite) {
  if (!exists(corpora("aws-protocols"))) GTEST_SKIP() << "no corpora";
  const std::set<std::string> without_model{"QueryEmptyInputAndEmptyOutput",
                                            "QueryNoInputAndNoOutput",
                                            "NestedStructures",
                                            "EmptyQueryLists",
                                            "QuerySimpleInputParamsStrings",
                                            "QuerySimpleInputParamsStringAndBooleanTrue",
                                            "QuerySimpleInputParamsStringsAndBooleanFalse",
                                            "QuerySimpleInputParamsInteger"};
  int forms = 0;
  each_case("input/query.json", [&](const json& suite, const json& one) {
    if (!without_model.contains(one.at("id"))) return;
    const auto version = suite.at("metadata").at("apiVersion").get<std::string>();
    const Service service{"s", "s", "s", "S", Service::Protocol::query, "", "", version};
    const auto split = [](const std::string& text) {
      std::set<std::string> parts;
      std::istringstream in{text};
      for (std::string part; std::getline(in, part, '&');) parts.insert(part);
      return parts;
    };
    const auto name = one.at("given").at("name").get<std::string>();
    EXPECT_EQ(split(query_request(service, name, one.at("params")).body),
              split(one.at("serialized").at("body")));
    ++forms;
  });
  EXPECT_GE(forms, 5);
}

TEST(HttpDate, IsReadInItsOneForm) {
  EXPECT_EQ(rfc3339(*parse_http_date("Sun, 22 Nov 2026 04:30:00 GMT")), "2026-11-22T04:30:00.000Z");
  for (const auto* text : {"", "Sun, 22 Nov 2026 04:30:00 CET", "Sunday, 22-Nov-26 04:30:00 GMT",
                           "Sun, 32 Nov 2026 04:30:00 GMT", "Sun, 22 Foo 2026 04:30:00 GMT"})
    EXPECT_FALSE(parse_http_date(text)) << text;
}

}  // namespace
}  // namespace ringi::aws
