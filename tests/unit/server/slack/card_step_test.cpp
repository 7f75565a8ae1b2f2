#include "server/slack/card_step.hpp"

#include "handlers/ports/cards.hpp"

#include <gtest/gtest.h>

namespace ringi::slack {
namespace {

using namespace std::chrono_literals;
using What = Step::What;
using Priority = ports::Cards::Priority;

store::MessageRow row(Priority priority, const char* ts = "", const char* parent = "") {
  store::MessageRow row{.key = "a", .parent = parent, .priority = static_cast<int>(priority)};
  row.ts = MessageTs::parse(ts).value_or(MessageTs{});
  return row;
}

Error slack_says(Errc code, const char* name) {
  return error(code, ForLog{name}, ForPerson{name}, name);
}

constexpr const char* stands = "1763780646.000200";

TEST(CardStep, CountsPostsWithoutAnAnswerApart) {
  const auto lost = counted({3, 1}, error(Errc::unknown_outcome, "lost"));
  EXPECT_EQ(lost.failures, 4);
  EXPECT_EQ(lost.unanswered, 2);
  EXPECT_EQ(counted(lost, error(Errc::unavailable, "away")).unanswered, 2);
}

TEST(CardStep, AnOutageBeforeALostAnswerCostsNoRepeat) {
  const auto lost = error(Errc::unknown_outcome, "lost");
  const auto step = step_after(row(Priority::progress), lost, {.failures = 90, .unanswered = 1});
  EXPECT_EQ(step.what, What::again);
  EXPECT_EQ(step.pause, 2s);
}

TEST(CardStep, TheCardOfAnApprovalIsRepeatedWithoutAnAnswerButSlowly) {
  const auto lost = error(Errc::unknown_outcome, "lost");
  const auto step = step_after(row(Priority::approval), lost, {.failures = 50, .unanswered = 50});
  EXPECT_EQ(step.what, What::again);
  EXPECT_EQ(step.pause, 4h);
}

TEST(CardStep, AnOutageIsWaitedOutHoweverLong) {
  const auto away = error(Errc::unavailable, "away");
  EXPECT_EQ(step_after(row(Priority::progress), away, {.failures = 1}).pause, 2s);
  const auto step = step_after(row(Priority::progress), away, {.failures = 100'000});
  EXPECT_EQ(step.what, What::again);
  EXPECT_EQ(step.pause, 2min);
}

TEST(CardStep, AnErrorOfAnUnknownNameIsTriedEightTimes) {
  const auto odd = slack_says(Errc::invalid, "brand_new_error");
  EXPECT_EQ(step_after(row(Priority::progress), odd, {.failures = 8}).what, What::again);
  EXPECT_EQ(step_after(row(Priority::progress), odd, {.failures = 9}).what, What::give_up);
  EXPECT_EQ(step_after(row(Priority::approval), odd, {.failures = 9}).pause, 10min);
}

TEST(CardStep, OnlyWhatStandsCanBePostedAnew) {
  const auto gone = slack_says(Errc::not_found, "message_not_found");
  EXPECT_EQ(step_after(row(Priority::progress, stands), gone, {1}).what, What::post_anew);
  EXPECT_EQ(step_after(row(Priority::progress), gone, {1}).what, What::give_up);
}

TEST(CardStep, ALineBringsItsCardBackAlsoAfterAnOutage) {
  const auto gone = slack_says(Errc::not_found, "is_archived");
  const auto line = row(Priority::approval, "", "card");
  EXPECT_EQ(step_after(line, gone, {.failures = 90}).what, What::post_anew);
  EXPECT_EQ(step_after(line, gone, counted(tally_of_moved, gone)).what, What::give_up);
}

}  // namespace
}  // namespace ringi::slack
