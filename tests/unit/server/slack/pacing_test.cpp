#include "server/slack/pacing.hpp"

#include <gtest/gtest.h>

namespace ringi::slack {
namespace {

using namespace std::chrono_literals;

const Time start = from_unix_micros(1'763'780'645'000'000);
const SlackChannel here = SlackChannel::parse("C1").value();

TEST(Pacing, OnePostASecondInAChannelAndNoneWaitsForAnotherChannel) {
  Pacing pacing;
  EXPECT_EQ(pacing.next_post(here, start), start);
  pacing.book_post(here, start, start);
  EXPECT_EQ(pacing.next_post(here, start), start + 1s);
  EXPECT_EQ(pacing.next_post(SlackChannel::parse("C2").value(), start), start);
  EXPECT_EQ(pacing.next_post(here, start + 3s), start + 3s);
}

TEST(Pacing, BookedAheadPostsQueueUp) {
  Pacing pacing;
  pacing.book_post(here, start, start);
  pacing.book_post(here, start + 1s, start);
  EXPECT_EQ(pacing.next_post(here, start), start + 2s);
}

TEST(Pacing, PostsThatAreBookedAheadKeepTheirDistanceHoweverManyTheyAre) {
  Pacing pacing;
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(pacing.next_post(here, start), start + i * 1s);
    pacing.book_post(here, pacing.next_post(here, start), start);
  }
}

TEST(Pacing, ABookingAheadFreesNoOtherChannel) {
  Pacing pacing;
  const auto there = SlackChannel::parse("C2").value();
  pacing.book_post(there, start, start);
  pacing.book_post(here, start + 5s, start);
  EXPECT_EQ(pacing.next_post(there, start), start + 1s);
}

TEST(Pacing, OneUpdateOfACardInFiveSeconds) {
  Pacing pacing;
  pacing.book_update("a", start);
  EXPECT_EQ(pacing.next_update("a", start + 1s), start + 5s);
  EXPECT_EQ(pacing.next_update("b", start + 1s), start + 1s);
}

TEST(Pacing, FortyFiveUpdatesInAnyMinuteOverAllCards) {
  Pacing pacing;
  for (int i = 0; i < 45; ++i) {
    const auto at = start + i * 1s;
    EXPECT_EQ(pacing.next_update("card" + std::to_string(i), at), at);
    pacing.book_update("card" + std::to_string(i), at);
  }
  EXPECT_EQ(pacing.next_update("one more", start + 45s), start + 60s);
  pacing.book_update("one more", start + 60s);
  EXPECT_EQ(pacing.next_update("and one", start + 60s), start + 61s);
}

TEST(Pacing, LooksTakeAThirdOfTheUpdatesAtTheMost) {
  Pacing pacing;
  for (int i = 0; i < 15; ++i) {
    EXPECT_TRUE(pacing.has_room_for_looks(start + 1s));
    pacing.book_update("card" + std::to_string(i), start);
  }
  EXPECT_FALSE(pacing.has_room_for_looks(start + 59s));
  EXPECT_TRUE(pacing.has_room_for_looks(start + 60s));
}

}  // namespace
}  // namespace ringi::slack
