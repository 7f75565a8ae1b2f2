#include "handlers/types/id.hpp"

#include <gtest/gtest.h>

namespace ringi {
namespace {

struct Row {
  const char* name;
  bool accepted;
  const char* text;
};

template <class T>
void expect_all(std::initializer_list<Row> rows) {
  for (const auto& row : rows) {
    EXPECT_EQ(T::parse(row.text).has_value(), row.accepted) << row.name << ": " << row.text;
  }
}

TEST(Ids, account_ids_are_twelve_digits_and_stay_strings) {
  expect_all<AccountId>({{"plain", true, "222233334444"},
                         {"leading zero", true, "012345678901"},
                         {"short", false, "22223333444"},
                         {"letter", false, "22223333444x"},
                         {"empty", false, ""}});
}

TEST(Ids, regions_of_every_partition_are_known_by_shape) {
  expect_all<Region>({{"commercial", true, "ap-northeast-1"},
                      {"government", true, "us-gov-west-1"},
                      {"china", true, "cn-north-1"},
                      {"sovereign", true, "eusc-de-east-1"},
                      {"no number", false, "ap-northeast-"},
                      {"one word", false, "tokyo-1"},
                      {"host trick", false, "us-east-1.evil"},
                      {"capitals", false, "US-EAST-1"},
                      {"two dashes", false, "us--east-1"}});
}

TEST(Ids, a_message_ts_is_text_with_six_decimals) {
  expect_all<MessageTs>({{"plain", true, "1503435956.000247"},
                         {"number", false, "1503435956"},
                         {"five decimals", false, "1503435956.00024"},
                         {"exponent", false, "1.5e9.000247"}});
}

TEST(Ids, slack_ids_start_with_the_letter_of_their_kind) {
  expect_all<SlackUser>({{"user", true, "U0123"},
                         {"grid user", true, "W0123"},
                         {"channel", false, "C0123"},
                         {"markup", false, "U01<x>"},
                         {"lower case", false, "u0123"}});
  EXPECT_TRUE(SlackChannel::parse("G0123"));
  EXPECT_FALSE(SlackGroup::parse("U0123"));
}

TEST(Ids, pipeline_names_may_hold_an_at_sign_but_no_slash) {
  expect_all<PipelineName>({{"at", true, "web@blue"},
                            {"slash", false, "a/b"},
                            {"empty", false, ""},
                            {"space", false, "a b"}});
  EXPECT_FALSE(PipelineName::parse(std::string(101, 'a')));
}

TEST(Ids, execution_ids_are_lower_case_uuids) {
  expect_all<ExecutionId>({{"uuid", true, "9f3c41d2-0000-4000-8000-00000000abcd"},
                           {"upper case", false, "9F3C41D2-0000-4000-8000-00000000ABCD"},
                           {"no dashes", false, "9f3c41d2000040008000000000000abcdxx"}});
}

}  // namespace
}  // namespace ringi
