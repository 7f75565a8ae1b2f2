#include "server/http/chunked.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ringi::http {
namespace {

using State = ChunkedBody::State;

TEST(ChunkedBody, JoinsChunksAndLeavesWhatFollows) {
  ChunkedBody body{100};
  std::string_view bytes = "4\r\nWiki\r\n5;name=\"v\"\r\npedia\r\n0\r\n\r\nGET /";
  EXPECT_EQ(body.feed(bytes), State::complete);
  EXPECT_EQ(bytes, "GET /");
  EXPECT_EQ(body.take(), "Wikipedia");
}

TEST(ChunkedBody, IsTheSameByteByByte) {
  ChunkedBody body{100};
  const std::string all = "A\r\n0123456789\r\n00\r\n\r\n";
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    auto one = std::string_view{all}.substr(i, 1);
    ASSERT_EQ(body.feed(one), State::incomplete) << i;
  }
  auto last = std::string_view{all}.substr(all.size() - 1);
  EXPECT_EQ(body.feed(last), State::complete);
  EXPECT_EQ(body.take(), "0123456789");
}

TEST(ChunkedBody, StopsAtTheLimitBeforeTheDataComes) {
  ChunkedBody exact{4};
  std::string_view fits = "4\r\nWiki\r\n0\r\n\r\n";
  EXPECT_EQ(exact.feed(fits), State::complete);
  ChunkedBody in_one{4};
  std::string_view one = "5\r\n";
  EXPECT_EQ(in_one.feed(one), State::too_large);
  ChunkedBody in_two{4};
  std::string_view two = "3\r\nabc\r\n2\r\n";
  EXPECT_EQ(in_two.feed(two), State::too_large);
}

TEST(ChunkedBody, RefusesWhatIsNotWrittenSo) {
  using namespace std::string_view_literals;
  const std::string long_extension = "1;" + std::string(300, 'x');
  for (std::string_view bytes :
       {"\r\n"sv, "g\r\n"sv, "-1\r\n"sv, "0x4\r\n"sv, " 4\r\n"sv, "4 \r\n"sv, "4\n"sv, "4\r\r"sv,
        "4\r\nWikiX"sv, "4\r\nWiki\rX"sv, "123456789\r\n"sv, "0\r\nTrailer: 1\r\n"sv, "0\r\n\rX"sv,
        "4;\x01\r\n"sv, std::string_view{long_extension}}) {
    ChunkedBody body{1u << 20};
    EXPECT_EQ(body.feed(bytes), State::malformed) << bytes;
  }
}

}  // namespace
}  // namespace ringi::http
