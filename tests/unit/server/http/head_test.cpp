#include "server/http/head.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace ringi::http {
namespace {

std::string request(const std::string& fields,
                    const std::string& line = "POST /slack/commands HTTP/1.1") {
  return line + "\r\n" + fields + "\r\n";
}

struct Refused {
  const char* name;
  std::string head;
  int status = 400;
};

void PrintTo(const Refused& refused, std::ostream* out) {
  *out << refused.name;
}

class RefusedHead : public testing::TestWithParam<Refused> {};

TEST_P(RefusedHead, IsRefusedWithItsStatus) {
  const auto& [name, head, status] = GetParam();
  ASSERT_EQ(scan_head(head).state, HeadScan::State::complete);
  const auto parsed = parse_head(head);
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().status, status);
}

const std::string host = "Host: a\r\n";

INSTANTIATE_TEST_SUITE_P(
    RequestLine, RefusedHead,
    testing::Values(Refused{"NoTarget", request(host, "GET HTTP/1.1")},
                    Refused{"NoVersion", request(host, "GET /")},
                    Refused{"EmptyLine", request(host, "")},
                    Refused{"TwoBlanks", request(host, "GET  / HTTP/1.1")},
                    Refused{"MethodIsNoToken", request(host, "GE(T / HTTP/1.1")},
                    Refused{"AbsoluteForm", request(host, "GET https://a/ HTTP/1.1")},
                    Refused{"AuthorityForm", request(host, "CONNECT a:443 HTTP/1.1")},
                    Refused{"AsteriskForm", request(host, "OPTIONS * HTTP/1.1")},
                    Refused{"Fragment", request(host, "GET /a#b HTTP/1.1")},
                    Refused{"BadEscape", request(host, "GET /%zz HTTP/1.1")},
                    Refused{"CutEscape", request(host, "GET /%2 HTTP/1.1")},
                    Refused{"RawUtf8", request(host, "GET /\xc3\xa9 HTTP/1.1")},
                    Refused{"Version09", request(host, "GET / HTTP/0.9")},
                    Refused{"Version12", request(host, "GET / HTTP/1.2")},
                    Refused{"Version2", request(host, "PRI /x HTTP/2.0")},
                    Refused{"VersionLowerCase", request(host, "GET / http/1.1")}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Fields, RefusedHead,
    testing::Values(
        Refused{"NoHost", request("")}, Refused{"TwoHosts", request(host + host)},
        Refused{"EmptyHost", request("Host:\r\n")},
        Refused{"HostWithBlank", request("Host: a b\r\n")},
        Refused{"HostWithPath", request("Host: a/b\r\n")},
        Refused{"TwoHostsOnHttp10", request(host + host, "GET / HTTP/1.0")},
        Refused{"NoColon", request(host + "nonsense\r\n")},
        Refused{"BlankBeforeColon", request(host + "X-A : 1\r\n")},
        Refused{"EmptyName", request(host + ": 1\r\n")},
        Refused{"FoldedLine", request(host + "X-A: 1\r\n 2\r\n")},
        Refused{"FoldedByTab", request(host + "X-A: 1\r\n\t2\r\n")},
        Refused{"FirstLineFolded", request(" X-A: 1\r\n" + host)},
        Refused{"NameIsNoToken", request(host + "X@A: 1\r\n")},
        Refused{"ControlInValue", request(host + "X-A: a\x01z\r\n")},
        Refused{"DeleteInValue", request(host + "X-A: a\x7fz\r\n")},
        Refused{"TwoContentTypes", request(host + "Content-Type: a\r\ncontent-type: a\r\n")},
        Refused{"TwoKeys", request(host + "X-Api-Key: a\r\nX-Api-Key: b\r\n")},
        Refused{"TwoAuthorizations", request(host + "Authorization: a\r\nAuthorization: a\r\n")},
        Refused{"TwoExpects", request(host + "Expect: 100-continue\r\nExpect: 100-continue\r\n")},
        Refused{"OtherExpectation", request(host + "Expect: 200-ok\r\n"), 417},
        Refused{"Gzip", request(host + "Content-Encoding: gzip\r\n"), 415},
        Refused{"Identity", request(host + "Content-Encoding: identity\r\n"), 415}),
    [](const auto& row) { return row.param.name; });

const std::string chunked = "Transfer-Encoding: chunked\r\n";

INSTANTIATE_TEST_SUITE_P(
    Framing, RefusedHead,
    testing::Values(
        Refused{"ChunkedOnHttp10", request(host + chunked, "POST / HTTP/1.0")},
        Refused{"UnknownCodingOnHttp10",
                request(host + "Transfer-Encoding: gzip\r\n", "POST / HTTP/1.0")},
        Refused{"CodingAndLength", request(host + chunked + "Content-Length: 3\r\n")},
        Refused{"LengthAndCoding", request(host + "Content-Length: 3\r\n" + chunked)},
        Refused{"TwoCodings", request(host + chunked + chunked)},
        Refused{"ChunkedTwice", request(host + "Transfer-Encoding: chunked, chunked\r\n")},
        Refused{"ChunkedOddCase", request(host + "Transfer-Encoding: Chunked\r\n")},
        Refused{"ChunkedWithComma", request(host + "Transfer-Encoding: chunked,\r\n")},
        Refused{"EmptyCoding", request(host + "Transfer-Encoding:\r\n")},
        Refused{"Gzip", request(host + "Transfer-Encoding: gzip\r\n"), 501},
        Refused{"GzipThenChunked", request(host + "Transfer-Encoding: gzip, chunked\r\n"), 501},
        Refused{"Identity", request(host + "Transfer-Encoding: identity\r\n"), 501},
        Refused{"Xchunked", request(host + "Transfer-Encoding: xchunked\r\n"), 501},
        Refused{"TwoLengths", request(host + "Content-Length: 3\r\nContent-Length: 3\r\n")},
        Refused{"LengthList", request(host + "Content-Length: 3, 3\r\n")},
        Refused{"NegativeLength", request(host + "Content-Length: -1\r\n")},
        Refused{"SignedLength", request(host + "Content-Length: +3\r\n")},
        Refused{"HexLength", request(host + "Content-Length: 0x3\r\n")},
        Refused{"EmptyLength", request(host + "Content-Length:\r\n")},
        Refused{"LengthWithBlank", request(host + "Content-Length: 3 0\r\n")}),
    [](const auto& row) { return row.param.name; });

TEST(ParseHead, TakesAnOrdinaryRequestApart) {
  const auto head =
      parse_head(request("Host: a:8443\r\nX-Slack-Signature:  v0=1\t\r\nContent-Length: 12\r\n",
                         "POST /slack/events?x=%20y HTTP/1.1"));
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->method, "POST");
  EXPECT_EQ(head->path, "/slack/events");
  EXPECT_EQ(head->query, "x=%20y");
  EXPECT_EQ(head->framing.length, 12u);
  EXPECT_FALSE(head->framing.chunked);
  EXPECT_TRUE(head->keep_alive);
  ASSERT_EQ(head->headers.size(), 3u);
  EXPECT_EQ(head->headers[1].name, "x-slack-signature");
  EXPECT_EQ(head->headers[1].value, "v0=1");
}

TEST(ParseHead, KnowsChunkedBodiesAndExpectations) {
  const auto head = parse_head(request(host + chunked + "Expect: 100-Continue\r\n"));
  ASSERT_TRUE(head.has_value());
  EXPECT_TRUE(head->framing.chunked);
  EXPECT_TRUE(head->expects_continue);
}

TEST(ParseHead, ClosesAfterHttp10AndWhereTheClientSaysSo) {
  EXPECT_FALSE(parse_head(request("", "GET / HTTP/1.0"))->keep_alive);
  EXPECT_FALSE(parse_head(request(host + "Connection: Close\r\n"))->keep_alive);
  EXPECT_TRUE(parse_head(request(host + "Connection: keep-alive\r\n"))->keep_alive);
}

TEST(ParseHead, TakesALengthThatNoMachineHasAsTheLargest) {
  const auto head = parse_head(request(host + "Content-Length: 99999999999999999999999\r\n"));
  EXPECT_EQ(head->framing.length, std::numeric_limits<std::size_t>::max());
}

TEST(ParseHead, LeavesRepeatedSlackHeadersToTheSignature) {
  EXPECT_TRUE(
      parse_head(request(host + "X-Slack-Signature: a\r\nX-Slack-Signature: b\r\n")).has_value());
}

TEST(ParseHead, RefusesMoreThanAHundredHeaders) {
  std::string fields = host;
  for (int i = 0; i < 100; ++i) fields += "X-A: 1\r\n";
  EXPECT_EQ(parse_head(request(fields)).error().status, 431);
}

TEST(ScanHead, WaitsUntilTheEmptyLineIsThere) {
  const auto head = request(host);
  for (std::size_t size = 0; size < head.size(); ++size) {
    EXPECT_EQ(scan_head(std::string_view{head}.substr(0, size)).state, HeadScan::State::incomplete);
  }
  const auto scan = scan_head(head + "body");
  EXPECT_EQ(scan.state, HeadScan::State::complete);
  EXPECT_EQ(scan.size, head.size());
}

TEST(ScanHead, RefusesOtherLineEndsAndNulAtOnce) {
  using namespace std::string_view_literals;
  for (const auto bytes : {"GET / HTTP/1.1\n"sv, "GET / HTTP/1.1\r\nHost: a\n"sv,
                           "GET / HTTP/1.1\rH"sv, "GET /\0"sv, "\n"sv}) {
    EXPECT_EQ(scan_head(bytes).state, HeadScan::State::malformed);
  }
}

}  // namespace
}  // namespace ringi::http
