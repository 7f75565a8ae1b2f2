#include "server/slack/holds.hpp"

#include "server/net/transport.hpp"
#include "server/slack/retry_after.hpp"

#include <gtest/gtest.h>

namespace ringi::slack {
namespace {

using namespace std::chrono_literals;

const Time start = from_unix_micros(1'763'780'645'000'000);

TEST(Holds, HoldsOneKeyAndNoOther) {
  Holds holds;
  EXPECT_LE(holds.until("chat.update"), start);
  EXPECT_EQ(holds.hold("chat.update", 30s, start), 30s);
  EXPECT_EQ(holds.until("chat.update"), start + 30s);
  EXPECT_LE(holds.until("users.info"), start);
}

TEST(Holds, AShorterWordTakesNothingBack) {
  Holds holds;
  holds.hold("chat.update", 30s, start);
  EXPECT_EQ(holds.hold("chat.update", 5s, start + 10s), 20s);
  EXPECT_EQ(holds.until("chat.update"), start + 30s);
}

TEST(Holds, IsBounded) {
  Holds holds;
  EXPECT_EQ(holds.hold("a", 24h, start), 1h);
  EXPECT_EQ(holds.hold("b", 0s, start), 1s);
  EXPECT_EQ(holds.hold("c", std::nullopt, start), 10s);
}

struct Said {
  const char* name;
  const char* header;
  const char* body;
  std::optional<Duration> meant;
};
class RetryAfter : public ::testing::TestWithParam<Said> {};

TEST_P(RetryAfter, IsRead) {
  net::Answer answer{.status = 429, .headers = {}, .body = GetParam().body};
  if (*GetParam().header != '\0') answer.headers.emplace_back("retry-after", GetParam().header);
  EXPECT_EQ(retry_after(answer), GetParam().meant);
}

INSTANTIATE_TEST_SUITE_P(
    Answers, RetryAfter,
    ::testing::Values(Said{"Header", "7", "", 7s}, Said{"LongHeader", "3600", "", 3600s},
                      Said{"Huge", "9223372036854775807", "", 366 * 24h},
                      Said{"HeaderBeforeBody", "7", R"({"retry_after":1})", 7s},
                      Said{"Body", "", R"({"retry_after":3,"ok":false})", 3s},
                      Said{"TextInBody", "", R"({"retry_after":"3"})", std::nullopt},
                      Said{"Nothing", "", "", std::nullopt},
                      Said{"Words", "soon", "<html>", std::nullopt},
                      Said{"Negative", "-1", "{}", std::nullopt},
                      Said{"Fraction", "1.5", "{}", std::nullopt}),
    [](const auto& info) { return std::string{info.param.name}; });

}  // namespace
}  // namespace ringi::slack
