#include "server/aws/protocol/instant.hpp"

#include "server/aws/protocol/http_date.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ringi::aws {
namespace {

TEST(Instant, IsReadHoweverAServiceWritesIt) {
  const auto noon = *parse_rfc3339("2026-11-22T12:00:00Z");
  const auto half = noon + std::chrono::milliseconds{500};
  for (const auto* text :
       {"2026-11-22T12:00:00Z", "2026-11-22T13:00:00+01:00", "2026-11-22T11:00:00-0100",
        "Sun, 22 Nov 2026 12:00:00 GMT", "1795348800"})
    EXPECT_EQ(parse_instant(text), noon) << text;
  for (const auto* text : {"2026-11-22T12:00:00.5Z", "2026-11-22T13:00:00.500+01:00",
                           "Sun, 22 Nov 2026 12:00:00.5 GMT", "1795348800.5"})
    EXPECT_EQ(parse_instant(text), half) << text;
  EXPECT_EQ(instant_of(1795348800.5), half);
}

TEST(Instant, IsNothingElse) {
  for (const auto* text : {"", "noon", "2026-11-22", "2026-11-22T12:00:00", "1e30", "nan",
                           "12 apples", "2026-11-22T12:00:00+1:00", "2026-11-22T12:00:00+aa:bb"})
    EXPECT_FALSE(parse_instant(text)) << text;
  EXPECT_FALSE(instant_of(nlohmann::json::array()));
  EXPECT_FALSE(instant_of(1e300));
}

TEST(Instant, IsWrittenAsThePlaceTakesIt) {
  const auto time = *parse_rfc3339("2019-12-16T23:48:18Z");
  EXPECT_EQ(instant_text(time, TimeFormat::iso8601), "2019-12-16T23:48:18Z");
  EXPECT_EQ(instant_text(time, TimeFormat::rfc822), "Mon, 16 Dec 2019 23:48:18 GMT");
  EXPECT_EQ(instant_text(time, TimeFormat::epoch), "1576540098");
  EXPECT_EQ(instant_text(time + std::chrono::milliseconds{50}, TimeFormat::epoch), "1576540098.05");
  EXPECT_EQ(instant_json(time, TimeFormat::epoch), 1576540098);
  EXPECT_EQ(instant_json(time, TimeFormat::iso8601), "2019-12-16T23:48:18Z");
}

TEST(HttpDate, IsReadInItsOneForm) {
  EXPECT_EQ(rfc3339(*parse_http_date("Sun, 22 Nov 2026 04:30:00 GMT")), "2026-11-22T04:30:00.000Z");
  for (const auto* text : {"", "Sun, 22 Nov 2026 04:30:00 CET", "Sunday, 22-Nov-26 04:30:00 GMT",
                           "Sun, 32 Nov 2026 04:30:00 GMT", "Sun, 22 Foo 2026 04:30:00 GMT"})
    EXPECT_FALSE(parse_http_date(text)) << text;
}

}  // namespace
}  // namespace ringi::aws
