#include "handlers/types/time.hpp"

#include <gtest/gtest.h>

namespace ringi {
namespace {

using namespace std::chrono_literals;

TEST(Times, are_written_in_utc_with_milliseconds) {
  EXPECT_EQ(rfc3339(from_unix_micros(1'763'780'645'678'999)), "2025-11-22T03:04:05.678Z");
}

TEST(Times, are_read_with_and_without_seconds_and_fractions) {
  EXPECT_EQ(parse_rfc3339("2016-07-07T20:22Z"), from_unix_micros(1'467'922'920'000'000));
  EXPECT_EQ(parse_rfc3339("2016-07-07T20:22:05Z"), from_unix_micros(1'467'922'925'000'000));
  EXPECT_EQ(parse_rfc3339("2016-07-07T20:22:05.6789Z"), from_unix_micros(1'467'922'925'678'900));
}

TEST(Times, that_are_not_exact_are_refused) {
  for (const char* text :
       {"", "2016-07-07", "2016-07-07T20:22", "2016-07-07 20:22Z", "2016-13-07T20:22Z",
        "2016-02-30T20:22Z", "2016-07-07T24:00Z", "2016-07-07T20:60Z", "2016-07-07T20:22:99Z",
        "2016-07-07T20:22+01:00", "2016-07-07T20:22:05.Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(Durations, are_written_with_one_unit) {
  EXPECT_EQ(parse_duration("24h"), 24h);
  EXPECT_EQ(parse_duration("2w"), 24h * 14);
  EXPECT_EQ(parse_duration("90s"), 90s);
  for (const char* bad : {"", "h", "0h", "-1h", "1y", "1.5h", "h1", "99999999h", "1 h", "24"})
    EXPECT_FALSE(parse_duration(bad)) << bad;
}

TEST(Durations, read_as_people_say_them) {
  EXPECT_EQ(human_duration(-3s), "0s");
  EXPECT_EQ(human_duration(8s), "8s");
  EXPECT_EQ(human_duration(134s), "2m 14s");
  EXPECT_EQ(human_duration(120s), "2m");
  EXPECT_EQ(human_duration(3780s), "1h 3m");
  EXPECT_EQ(human_duration(50h), "2d 2h");
}

}  // namespace
}  // namespace ringi
