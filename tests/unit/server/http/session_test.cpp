#include "tests/unit/server/http/rig.hpp"

#include <gtest/gtest.h>

namespace ringi::http {
namespace {

using namespace test;

Task<Response> echo(Request request) {
  co_return Response{.content_type = "text/plain", .body = request.path + "|" + request.body};
}

Task<Response> throws(Request) {
  throw std::runtime_error("a broken promise");
  co_return Response{};
}

std::vector<Route> routes() {
  return {
      Route{.method = "POST", .path = "/slack", .body_limit = 100, .endpoint = echo},
      Route{
          .method = "POST", .path = "/aws", .body_limit = 200, .from_aws = true, .endpoint = echo},
      Route{.method = "POST", .path = "/throws", .body_limit = 10, .endpoint = throws}};
}

ListenerOptions hasty_options() {
  auto options = plain_options();
  options.limits.head = options.limits.body = std::chrono::milliseconds{250};
  return options;
}

TEST(Session, AnswersOneRequestAfterAnotherOnOneConnection) {
  Rig rig{plain_options(), routes()};
  Client client{rig.port()};
  client.send(post("/slack", "one"));
  EXPECT_EQ(body_of(client.read_reply()), "/slack|one");
  client.send(post("/slack", "two"));
  EXPECT_EQ(body_of(client.read_reply()), "/slack|two");
}

TEST(Session, AnswersRequestsThatCameTogetherInTheirOrder) {
  Rig rig{plain_options(), routes()};
  Client client{rig.port()};
  client.send(post("/slack", "one") + post("/aws", "two") +
              post("/slack", "", "Connection: close\r\n"));
  EXPECT_EQ(body_of(client.read_reply()), "/slack|one");
  EXPECT_EQ(body_of(client.read_reply()), "/aws|two");
  const auto last = client.read_rest();
  EXPECT_EQ(body_of(last), "/slack|");
  EXPECT_NE(last.find("Connection: close\r\n"), last.npos);
}

TEST(Session, TakesARequestThatComesInPieces) {
  Rig rig{plain_options(), routes()};
  Client client{rig.port()};
  for (const char c : post("/slack", "bit by bit")) client.send(std::string(1, c));
  EXPECT_EQ(body_of(client.read_reply()), "/slack|bit by bit");
}

TEST(Session, TakesChunkedBodies) {
  Rig rig{plain_options(), routes()};
  Client client{rig.port()};
  const std::string head = "POST /slack HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  client.send(head + "3\r\nabc\r\n0\r\n\r\n" + head);
  EXPECT_EQ(body_of(client.read_reply()), "/slack|abc");
  client.send("2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(body_of(client.read_reply()), "/slack|de");
}

TEST(Session, InvitesTheBodyOfAClientThatWaitsForIt) {
  Rig rig{plain_options(), routes()};
  Client client{rig.port()};
  client.send(
      "POST /slack HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_reply(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ok");
  EXPECT_EQ(body_of(client.read_reply()), "/slack|ok");
}

TEST(Session, DoesNotInviteABodyThatIsTooLarge) {
  Rig rig{plain_options(), routes()};
  Client client{rig.port()};
  client.send(
      "POST /slack HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(status_of(client.read_reply()), 413);
}

struct Refused {
  const char* name;
  std::string bytes;
  int status;
};
void PrintTo(const Refused& refused, std::ostream* out) {
  *out << refused.name;
}

class RefusedRequest : public testing::TestWithParam<Refused> {};

TEST_P(RefusedRequest, IsAnsweredAndTheConnectionEnds) {
  Rig rig{plain_options(), routes()};
  Client client{rig.port()};
  client.send(GetParam().bytes);
  const auto reply = client.read_rest();
  EXPECT_EQ(status_of(reply), GetParam().status);
  EXPECT_NE(reply.find("Connection: close\r\n"), reply.npos);
  EXPECT_TRUE(body_of(reply).starts_with("{\"error\":\""));
  EXPECT_EQ(rig.logged(), "");
}

const std::string chunked_head =
    "POST /slack HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

INSTANTIATE_TEST_SUITE_P(
    Table, RefusedRequest,
    testing::Values(
        Refused{"UnknownPath", "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 404},
        Refused{"UnknownPathWithBody", post("/nowhere", std::string(5000, 'x')), 404},
        Refused{"OtherMethod", "GET /slack HTTP/1.1\r\nHost: a\r\n\r\n", 405},
        Refused{"TooLarge", post("/slack", std::string(101, 'x')), 413},
        Refused{"MuchTooLarge", post("/slack", std::string(3'000'000, 'x')), 413},
        Refused{"TooLargeForAws", post("/aws", std::string(201, 'x')), 413},
        Refused{"TooLargeInChunks", chunked_head + "60\r\n" + std::string(96, 'x') + "\r\n5\r\n",
                413},
        Refused{"BadChunk", chunked_head + "xyz\r\n", 400},
        Refused{"Trailer", chunked_head + "0\r\nX-A: 1\r\n\r\n", 400},
        Refused{"BareLineFeed", "GET / HTTP/1.1\nHost: a\n\n", 400},
        Refused{"TlsOnAPlainPort", std::string("\x16\x03\x01\x02\x00\x01\x00", 7), 400},
        Refused{"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
        Refused{"UnknownCoding",
                "POST /slack HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
        Refused{"Expectation", "POST /slack HTTP/1.1\r\nHost: a\r\nExpect: more\r\n\r\n", 417},
        Refused{"Encoded", post("/slack", "x", "Content-Encoding: gzip\r\n"), 415},
        Refused{"OversizedHead", "GET / HTTP/1.1\r\nX: " + std::string(17'000, 'x'), 431},
        Refused{"OversizedWholeHead",
                "GET / HTTP/1.1\r\nX: " + std::string(17'000, 'x') + "\r\n\r\n", 431}),
    [](const auto& row) { return row.param.name; });

TEST(Session, NamesTheMethodsOfAPath) {
  Rig rig{plain_options(), routes()};
  Client client{rig.port()};
  client.send("PUT /slack HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(client.read_rest().find("Allow: POST\r\n"), std::string::npos);
}

TEST(Session, SendsNoBodyToHead) {
  Rig rig{plain_options(), routes()};
  Client client{rig.port()};
  client.send("HEAD /slack HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto reply = client.read_rest();
  EXPECT_EQ(status_of(reply), 405);
  EXPECT_EQ(body_of(reply), "");
}

TEST(Session, TellsAClientThatIsTooSlow) {
  Rig rig{hasty_options(), routes()};
  Client head{rig.port()};
  head.send("POST /slack HTTP/1.1\r\nHo");
  EXPECT_EQ(status_of(head.read_rest()), 408);
  Client body{rig.port()};
  body.send("POST /slack HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
  EXPECT_EQ(status_of(body.read_rest()), 408);
}

TEST(Session, AnswersASlowBodyFromAwsSoThatItIsSentAgain) {
  Rig rig{hasty_options(), routes()};
  Client client{rig.port()};
  client.send("POST /aws HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf");
  const auto reply = client.read_rest();
  EXPECT_EQ(status_of(reply), 503);
  EXPECT_NE(reply.find("Retry-After: 1\r\n"), reply.npos);
}

TEST(Session, ClosesASilentConnectionWithoutAWord) {
  auto options = hasty_options();
  options.limits.idle = std::chrono::milliseconds{50};
  Rig rig{options, routes()};
  Client never{rig.port()};
  EXPECT_EQ(never.read_rest(), "");
  Client once{rig.port()};
  once.send(post("/slack", "x"));
  EXPECT_EQ(status_of(once.read_reply()), 200);
  EXPECT_EQ(once.read_rest(), "");
}

TEST(Session, SaysUnavailableWhereAnEndpointThrowsAndLogsItWithoutTheBody) {
  Rig rig{plain_options(), routes()};
  Client client{rig.port()};
  client.send(post("/throws", "s3cret"));
  const auto reply = client.read_reply();
  EXPECT_EQ(status_of(reply), 503);
  EXPECT_EQ(body_of(reply), R"({"error":"unavailable"})");
  const auto logged = rig.logged();
  EXPECT_NE(logged.find("path=/throws"), logged.npos);
  EXPECT_EQ(logged.find("s3cret"), logged.npos);
}

TEST(Session, RefusesMoreWorkThanItMayHave) {
  auto options = plain_options();
  options.limits.working = 0;
  Rig rig{options, routes()};
  Client client{rig.port()};
  client.send(post("/slack", "x"));
  const auto reply = client.read_reply();
  EXPECT_EQ(status_of(reply), 503);
  EXPECT_EQ(body_of(reply), R"({"error":"overload"})");
  EXPECT_NE(reply.find("Retry-After: 1\r\n"), reply.npos);
}

TEST(Session, KeepsPlacesForSlackWhateverComesFromAws) {
  auto options = plain_options();
  options.limits.working_aws = 0;
  Rig rig{options, routes()};
  Client client{rig.port()};
  client.send(post("/aws", "x"));
  EXPECT_EQ(status_of(client.read_reply()), 503);
  client.send(post("/slack", "x"));
  EXPECT_EQ(status_of(client.read_reply()), 200);
}

TEST(Session, CountsRequestsByRouteAndNotByWhatStrangersAskFor) {
  Rig rig{plain_options(), routes()};
  Client client{rig.port()};
  client.send(post("/slack", "x") + "GET /wp-login.php HTTP/1.1\r\nHost: a\r\n\r\n");
  client.read_rest();
  const auto text = rig.metrics().text();
  EXPECT_NE(text.find(R"(ringi_requests_total{path="/slack",status="200"} 1)"), text.npos);
  EXPECT_NE(text.find(R"(ringi_requests_total{path="other",status="404"} 1)"), text.npos);
  EXPECT_NE(text.find(R"(ringi_request_seconds_count{path="/slack"} 1)"), text.npos);
  EXPECT_EQ(text.find("wp-login"), text.npos);
}

}  // namespace
}  // namespace ringi::http
