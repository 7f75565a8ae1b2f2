#include "server/http/caps.hpp"
#include "server/http/reply.hpp"
#include "server/http/router.hpp"

#include <gtest/gtest.h>

namespace ringi::http {
namespace {

namespace ip = boost::asio::ip;

Route route(std::string method, std::string path) {
  return Route{
      .method = std::move(method), .path = std::move(path), .body_limit = 0, .endpoint = {}};
}

TEST(Router, TellsUnknownPathsFromUnknownMethods) {
  const Router router{{route("GET", "/a"), route("POST", "/a"), route("GET", "/b")}};
  EXPECT_EQ(router.find("POST", "/a").route->method, "POST");
  EXPECT_EQ(router.find("PUT", "/a").route, nullptr);
  EXPECT_EQ(router.find("PUT", "/a").allow, "GET, POST");
  for (const auto* path : {"/c", "/a/", "/A", "/a%2f", "//a", "/"}) {
    EXPECT_EQ(router.find("GET", path).route, nullptr) << path;
    EXPECT_EQ(router.find("GET", path).allow, "") << path;
  }
}

TEST(Request, HasAHeaderOnlyWhereItStandsOnce) {
  Request request;
  request.headers = {{"a", "1"}, {"b", "2"}, {"b", "2"}};
  EXPECT_EQ(request.header("a"), "1");
  EXPECT_EQ(request.header("b"), std::nullopt);
  EXPECT_EQ(request.header("c"), std::nullopt);
}

TEST(Reply, IsWrittenAsHttpAsks) {
  const Time time = from_unix_micros(784'111'777'000'000);
  EXPECT_EQ(http_date(time), "Sun, 06 Nov 1994 08:49:37 GMT");  // RFC 9110's own example
  auto response = error_response(405, "method");
  response.headers.push_back({"Allow", "POST"});
  EXPECT_EQ(serialize(response, time, {.close = true}),
            "HTTP/1.1 405 Method Not Allowed\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: application/json\r\nContent-Length: 18\r\nCache-Control: no-store\r\n"
            "Allow: POST\r\nConnection: close\r\n\r\n{\"error\":\"method\"}");
}

TEST(Reply, HasNoBodyToHeadAndNoTypeWithoutBody) {
  const auto empty = serialize(Response{}, Time{}, {});
  EXPECT_EQ(empty.find("Content-Type"), empty.npos);
  EXPECT_NE(empty.find("Content-Length: 0\r\n"), empty.npos);
  EXPECT_TRUE(
      serialize(error_response(404, "x"), Time{}, {.head_only = true}).ends_with("\r\n\r\n"));
}

Room entered(ConnectionCaps& caps, const ip::address& peer) {
  const auto room = caps.room_for(peer);
  if (room == Room::there) caps.enter(peer);
  return room;
}

TEST(ConnectionCaps, CountsInAllAndForEachPeer) {
  ConnectionCaps caps{4, 2, {}};
  const auto one = ip::make_address("192.0.2.1");
  const auto two = ip::make_address("2001:db8::1");
  EXPECT_EQ(entered(caps, one), Room::there);
  EXPECT_EQ(entered(caps, one), Room::there);
  EXPECT_EQ(entered(caps, one), Room::full_for_peer);
  EXPECT_EQ(entered(caps, two), Room::there);
  EXPECT_EQ(entered(caps, two), Room::there);
  EXPECT_EQ(entered(caps, ip::make_address("192.0.2.2")), Room::full);
  caps.leave(one);
  EXPECT_EQ(caps.size(), 3u);
  EXPECT_EQ(entered(caps, one), Room::there);
}

TEST(ConnectionCaps, TakeTheAddressesOfOneIpv6HostForOnePeer) {
  ConnectionCaps caps{100, 2, {}};
  EXPECT_EQ(entered(caps, ip::make_address("2001:db8:0:1::1")), Room::there);
  EXPECT_EQ(entered(caps, ip::make_address("2001:db8:0:1:ffff::2")), Room::there);
  EXPECT_EQ(entered(caps, ip::make_address("2001:db8:0:1:2:3:4:5")), Room::full_for_peer);
  EXPECT_EQ(entered(caps, ip::make_address("2001:db8:0:2::1")), Room::there);
  caps.leave(ip::make_address("2001:db8:0:1::1"));
  EXPECT_EQ(entered(caps, ip::make_address("2001:db8:0:1::3")), Room::there);
}

TEST(ConnectionCaps, DoNotCountATrustedProxyForItself) {
  auto networks = parse_networks({"10.0.0.0/8", "2001:db8::/32", "192.0.2.7"});
  ASSERT_TRUE(networks.has_value());
  ConnectionCaps caps{100, 1, *networks};
  for (const auto* trusted : {"10.200.3.4", "2001:db8:ffff::9", "192.0.2.7"}) {
    EXPECT_EQ(entered(caps, ip::make_address(trusted)), Room::there);
    EXPECT_EQ(entered(caps, ip::make_address(trusted)), Room::there) << trusted;
  }
  for (const auto* other : {"11.0.0.1", "2001:db9::1", "192.0.2.8"}) {
    EXPECT_EQ(entered(caps, ip::make_address(other)), Room::there);
    EXPECT_EQ(entered(caps, ip::make_address(other)), Room::full_for_peer) << other;
  }
}

TEST(ConnectionCaps, SeeAnIpv4PeerOfADualStackSocketAsWhatItIs) {
  EXPECT_EQ(unmapped(ip::make_address("::ffff:192.0.2.1")), ip::make_address("192.0.2.1"));
  EXPECT_EQ(unmapped(ip::make_address("2001:db8::1")), ip::make_address("2001:db8::1"));
}

TEST(ParseNetworks, NameWhatIsNone) {
  for (const auto* text : {"", "10.0.0.0/33", "example.com", "10.0.0/8", "::/129"}) {
    const auto networks = parse_networks({text});
    ASSERT_FALSE(networks.has_value()) << text;
    EXPECT_NE(networks.error().log.text.find(text), std::string::npos);
  }
}

}  // namespace
}  // namespace ringi::http
