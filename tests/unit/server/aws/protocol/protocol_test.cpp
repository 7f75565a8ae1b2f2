#include "server/aws/protocol/protocol.hpp"

#include "server/aws/models/models.hpp"
#include "server/net/transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ringi::aws {
namespace {

using net::Answer;
using nlohmann::json;

constexpr std::string_view query_facts = R"(service s
id S
protocol query
api 2020-01-08
operation Op POST / In Out wrapper=OpResult
structure In
 Name string required
 Flag boolean
 Count integer
 When timestamp
 Tags Tags
 Words Words
 Nested In
structure Out
 Name string
 Flag boolean
 Words Words
 Flat Words flattened
 Tags Tags
 Nested Out
 When timestamp
map Tags
 key string
 value string
list Words
 member string
)";

constexpr std::string_view rest_facts = R"(service r
id R
protocol rest-json
api 2020-01-08
operation Get GET /things/{Id}/{Path+}?fixed In Out host={Account}.
structure In
 Id string required in=uri name=Id
 Path string required in=uri name=Path
 Account string required
 Limit integer in=querystring name=limit
 Header string in=header name=X-Header
structure Out
 Status integer in=statusCode
 Tag string in=header name=ETag
 Body string
)";

class Spoken {
 public:
  explicit Spoken(std::string_view facts) : model_(read_model(facts).value()) {}

  Result<WireRequest> write(json input) const {
    const auto token = [] { return std::string{"t"}; };
    return to_wire(model_, model_.operations.front(), std::move(input), token);
  }
  std::string refusal(json input) const {
    const auto request = write(std::move(input));
    EXPECT_TRUE(request.has_error());
    return request.has_error() ? request.error().person.text : "";
  }
  std::optional<json> read(Answer answer) const {
    return from_wire(model_, model_.operations.front(), answer);
  }
  std::optional<json> read(const std::string& body) const { return read(Answer{200, {}, body}); }
  Failure failure(Answer answer) const { return failure_in(model_, answer); }
  const Model& model() const { return model_; }

 private:
  Model model_;
};

TEST(QueryProtocol, WritesAForm) {
  const Spoken query{query_facts};
  const auto request = query.write({{"Name", "a&b=c+d/é"},
                                    {"Flag", true},
                                    {"Count", 3},
                                    {"When", 1422172800},
                                    {"Tags", {{"k", "v"}}},
                                    {"Words", {"x", "y"}},
                                    {"Nested", {{"Name", "in"}}}});
  EXPECT_EQ(request->body,
            "Action=Op&Version=2020-01-08&Name=a%26b%3Dc%2Bd%2F%C3%A9&Flag=true&Count=3"
            "&When=2015-01-25T08%3A00%3A00Z&Tags.entry.1.key=k&Tags.entry.1.value=v"
            "&Words.member.1=x&Words.member.2=y&Nested.Name=in");
  EXPECT_EQ(request->method, "POST");
  EXPECT_EQ(request->path, "/");
}

TEST(QueryProtocol, ReadsWhatItsModelKnows) {
  const Spoken query{query_facts};
  const auto read = query.read(R"(<OpResponse xmlns="x"><OpResult>
    <Name>a &amp; b</Name><Flag>true</Flag><Unknown>1</Unknown>
    <Words><member>1</member></Words><Flat>1</Flat><Flat>2</Flat>
    <Tags><entry><key>k</key><value>v</value></entry></Tags>
    <Nested><Words/></Nested><When>2026-11-22T03:04:05.678Z</When></OpResult></OpResponse>)");
  EXPECT_EQ(*read, (json{{"Name", "a & b"},
                         {"Flag", true},
                         {"Words", {"1"}},
                         {"Flat", {"1", "2"}},
                         {"Tags", {{"k", "v"}}},
                         {"Nested", {{"Words", json::array()}}},
                         {"When", "2026-11-22T03:04:05.678Z"}}));
  EXPECT_EQ(*query.read("<OpResponse><ResponseMetadata/></OpResponse>"), json::object());
}

TEST(QueryProtocol, ExpandsNoEntityAndFetchesNoDtd) {
  const auto read =
      Spoken{query_facts}.read(R"(<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>
    <OpResponse><OpResult><Name>&e;</Name></OpResult></OpResponse>)");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at("Name"), "&e;");
}

TEST(QueryProtocol, RefusesWhatIsNoXmlOrTooDeep) {
  const Spoken query{query_facts};
  EXPECT_FALSE(query.read("{}"));
  EXPECT_FALSE(query.read(""));
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<Nested>";
  for (int i = 0; i < 100; ++i) deep += "</Nested>";
  EXPECT_FALSE(query.read("<OpResponse><OpResult>" + deep + "</OpResult></OpResponse>"));
}

TEST(QueryProtocol, TakesNoErrorAndNoPageForAnAnswer) {
  const Spoken query{query_facts};
  EXPECT_FALSE(query.read("<Error><Code>InternalError</Code></Error>"));
  EXPECT_FALSE(query.read("<html><body>Sign in</body></html>"));
}

TEST(Quirks, AreTheServicesOwn) {
  Models models;
  const auto write = [&](const char* service, const char* operation, json input) {
    const auto& model = *models.find(service);
    return to_wire(model, *model.find(operation), std::move(input), [] { return std::string{"t"}; })
        .value();
  };
  EXPECT_EQ(write("route53", "GetHostedZone", {{"Id", "/hostedzone/Z1"}}).path,
            "/2013-04-01/hostedzone/Z1");
  using Header = std::pair<std::string, std::string>;
  EXPECT_THAT(write("apigateway", "GetRestApis", {}).headers,
              testing::Contains(Header{"Accept", "application/json"}));
  EXPECT_THAT(write("glacier", "ListVaults", {{"accountId", "-"}}).headers,
              testing::Contains(Header{"x-amz-glacier-version", "2012-06-01"}));
  const auto& s3 = *models.find("s3");
  const Answer location{200, {}, "<LocationConstraint xmlns=\"x\">eu-west-1</LocationConstraint>"};
  EXPECT_EQ(from_wire(s3, *s3.find("GetBucketLocation"), location),
            (json{{"LocationConstraint", "eu-west-1"}}));
}

TEST(QueryProtocol, FindsCodeMessageAndRequestId) {
  const Spoken query{query_facts};
  const auto failure = query.failure(
      {403,
       {},
       "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message>"
       "</Error><RequestId>r-1</RequestId></ErrorResponse>"});
  EXPECT_EQ(failure.code, "AccessDenied");
  EXPECT_EQ(failure.message, "no");
  EXPECT_EQ(failure.request_id, "r-1");
  EXPECT_EQ(query.failure({502, {}, "Bad Gateway"}).code, "");
  const Answer s3{404, {}, "<Error><Code>NoSuchBucket</Code><Message>m</Message></Error>"};
  EXPECT_EQ(query.failure(s3).code, "NoSuchBucket");
  const Answer ec2{
      400, {}, "<Response><Errors><Error><Code>A.B</Code></Error></Errors></Response>"};
  EXPECT_EQ(query.failure(ec2).code, "A.B");
}

TEST(JsonFailure, IsCutOutOfItsNamespaceAndAddress) {
  const Spoken rest{rest_facts};
  const Answer plain{400, {}, R"({"__type":"a.b#FooError:http://x","Message":"m"})"};
  EXPECT_EQ(rest.failure(plain).code, "FooError");
  EXPECT_EQ(rest.failure(plain).message, "m");
  EXPECT_EQ(rest.failure({400, {{"x-amzn-errortype", "BarError:"}}, ""}).code, "BarError");
  const Answer query{400, {{"x-amzn-query-error", "Old.Code;Sender"}}, R"({"__type":"New"})"};
  EXPECT_EQ(rest.failure(query).code, "Old.Code");
  EXPECT_EQ(rest.failure({500, {}, "<html>"}).code, "");
  EXPECT_EQ(rest.failure({400, {}, R"({"__type":7,"message":[]})"}).code, "");
}

TEST(RestProtocol, PutsEachMemberInItsPlace) {
  const auto request = Spoken{rest_facts}.write({{"Id", "a/b c"},
                                                 {"Path", "x/y"},
                                                 {"Account", "123456789012"},
                                                 {"Limit", 5},
                                                 {"Header", "h"}});
  ASSERT_TRUE(request.has_value());
  EXPECT_EQ(request->method, "GET");
  EXPECT_EQ(request->path, "/things/a%2Fb%20c/x/y");
  EXPECT_EQ(request->query, "fixed&limit=5");
  EXPECT_EQ(request->host_prefix, "123456789012.");
  EXPECT_EQ(request->headers.front(), (std::pair<std::string, std::string>{"X-Header", "h"}));
}

TEST(RestProtocol, LetsNoValueLeaveItsPlace) {
  const Spoken rest{rest_facts};
  const json whole{{"Id", "i"}, {"Path", "p"}, {"Account", "1"}};
  auto with = [&](const char* name, const char* value) {
    auto input = whole;
    input[name] = value;
    return input;
  };
  EXPECT_NE(rest.refusal(with("Id", "")).find("Id must not be empty"), std::string::npos);
  for (const auto* host : {"evil.example.com/", "a.b", "a b", "", "@x", "-", "a-"})
    EXPECT_NE(rest.refusal(with("Account", host)).find("part of a host"), std::string::npos)
        << host;
}

TEST(RestProtocol, LetsNoSegmentClimb) {
  const Spoken rest{rest_facts};
  for (const auto* id : {".", ".."})
    EXPECT_NE(rest.refusal({{"Id", id}, {"Path", "p"}, {"Account", "1"}}).find("as a name"),
              std::string::npos);
  for (const auto* path : {"..", "a/../b", "a/.", "./a"})
    EXPECT_NE(rest.refusal({{"Id", "i"}, {"Path", path}, {"Account", "1"}}).find("as a name"),
              std::string::npos);
  EXPECT_EQ(rest.write({{"Id", "..."}, {"Path", "a/.b"}, {"Account", "1"}})->path,
            "/things/.../a/.b");
}

TEST(RestProtocol, TakesNoLineBreakIntoAHeader) {
  const json input{{"Id", "i"}, {"Path", "p"}, {"Account", "1"}, {"Header", "a\r\nX-Amz-Evil: 1"}};
  EXPECT_EQ(Spoken{rest_facts}.refusal(input), "Header must not hold line breaks.");
}

TEST(RestProtocol, ReadsNothingThatIsNestedWithoutEnd) {
  const std::string deep =
      R"({"Body":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  EXPECT_FALSE(Spoken{rest_facts}.read(deep));
  EXPECT_EQ(Spoken{rest_facts}.failure({400, {}, deep}).code, "");
}

TEST(RestProtocol, ReadsStatusHeadersAndBody) {
  const auto read = Spoken{rest_facts}.read(Answer{201, {{"etag", "e"}}, R"({"Body":"b","x":1})"});
  EXPECT_EQ(*read, (json{{"Status", 201}, {"Tag", "e"}, {"Body", "b"}}));
  EXPECT_FALSE(Spoken{rest_facts}.read("[1]"));
}

struct Wrong {
  const char* name;
  json input;
  const char* says;
};
class WrongInput : public testing::TestWithParam<Wrong> {};

TEST_P(WrongInput, IsRefusedWithTheParametersName) {
  EXPECT_EQ(Spoken{query_facts}.refusal(GetParam().input), GetParam().says);
}

INSTANTIATE_TEST_SUITE_P(
    Inputs, WrongInput,
    testing::Values(
        Wrong{"Missing", json::object(), "Name is needed."},
        Wrong{"Null", {{"Name", nullptr}}, "Name is needed."},
        Wrong{"Unknown", {{"Name", "n"}, {"Nmae", 1}}, "Nmae is not a parameter here."},
        Wrong{"Text", {{"Name", 1}}, "Name must be text."},
        Wrong{"Number", {{"Name", "n"}, {"Count", "3"}}, "Count must be a whole number."},
        Wrong{"Boolean", {{"Name", "n"}, {"Flag", "yes"}}, "Flag must be true or false."},
        Wrong{"Time", {{"Name", "n"}, {"When", "noon"}}, "When must be a time."},
        Wrong{"List", {{"Name", "n"}, {"Words", "w"}}, "Words must be a list."},
        Wrong{"Item", {{"Name", "n"}, {"Words", {"w", 2}}}, "Words[1] must be text."},
        Wrong{"NullItem", {{"Name", "n"}, {"Words", {nullptr}}}, "Words[0] must be text."},
        Wrong{"Inside", {{"Name", "n"}, {"Nested", {{"Name", 2}}}}, "Nested.Name must be text."},
        Wrong{"InMap", {{"Name", "n"}, {"Tags", {{"k", 2}}}}, "Tags.k must be text."},
        Wrong{"NoObject", json::array(), "The parameters must be an object."}),
    [](const auto& info) { return std::string{info.param.name}; });

}  // namespace
}  // namespace ringi::aws
