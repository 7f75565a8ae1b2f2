#include "server/observe/log_limit.hpp"

#include <gtest/gtest.h>

namespace ringi::observe {
namespace {

const Time noon = from_unix_micros(1'763'780'400'000'000);

TEST(LogLimit, LetsSoManyOfEachReasonThroughInAMinute) {
  LogLimit limit{2};
  EXPECT_EQ(limit.pass("mismatch", noon), 0);
  EXPECT_EQ(limit.pass("mismatch", noon), 0);
  EXPECT_EQ(limit.pass("mismatch", noon), std::nullopt);
  EXPECT_EQ(limit.pass("stale", noon), 0) << "one reason does not silence another";
}

TEST(LogLimit, SaysHowManyItKeptBack) {
  LogLimit limit{1};
  EXPECT_EQ(limit.pass("mismatch", noon), 0);
  EXPECT_EQ(limit.pass("mismatch", noon + std::chrono::seconds{1}), std::nullopt);
  EXPECT_EQ(limit.pass("mismatch", noon + std::chrono::seconds{59}), std::nullopt);
  EXPECT_EQ(limit.pass("mismatch", noon + std::chrono::seconds{60}), 2);
  EXPECT_EQ(limit.pass("mismatch", noon + std::chrono::seconds{120}), 0);
}

TEST(LogLimit, IsNotSilentUntilAClockThatWasSetBackHasCaughtUp) {
  LogLimit limit{1};
  EXPECT_EQ(limit.pass("mismatch", noon), 0);
  EXPECT_EQ(limit.pass("mismatch", noon - std::chrono::hours{9}), 0);
}

}  // namespace
}  // namespace ringi::observe
