#include "server/slack/slack_error.hpp"

#include <gtest/gtest.h>

namespace ringi::slack {
namespace {

struct Case {
  const char* text;
  Fault fault;
  Errc code;
};
class SlackErrors : public ::testing::TestWithParam<Case> {};

TEST_P(SlackErrors, AreJudged) {
  const auto error = parse_slack_error(GetParam().text);
  EXPECT_EQ(fault_of(error), GetParam().fault);
  EXPECT_EQ(errc_of(error), GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(
    Names, SlackErrors,
    ::testing::Values(Case{"no_permission", Fault::token, Errc::denied},
                      Case{"not_allowed_token_type", Fault::token, Errc::denied},
                      Case{"ekm_access_denied", Fault::token, Errc::denied},
                      Case{"enterprise_is_restricted", Fault::token, Errc::denied},
                      Case{"team_added_to_org", Fault::token, Errc::denied},
                      Case{"app_access_restricted", Fault::token, Errc::denied},
                      Case{"channel_is_limited_access", Fault::target, Errc::not_found},
                      Case{"restricted_action_read_only_channel", Fault::target, Errc::denied},
                      Case{"restricted_action_thread_locked", Fault::target, Errc::denied},
                      Case{"cannot_reply_to_message", Fault::target, Errc::denied},
                      Case{"messages_tab_disabled", Fault::target, Errc::denied},
                      Case{"slack_connect_file_link_sharing_blocked", Fault::target, Errc::denied},
                      Case{"metadata_too_large", Fault::content, Errc::invalid},
                      Case{"too_many_attachments", Fault::content, Errc::invalid},
                      Case{"block_mismatch", Fault::content, Errc::invalid},
                      Case{"missing_argument", Fault::content, Errc::invalid},
                      Case{"invalid_json", Fault::content, Errc::invalid},
                      Case{"message_limit_exceeded", Fault::transient, Errc::limited},
                      Case{"rate_limited", Fault::transient, Errc::limited},
                      Case{"trigger_expired", Fault::other, Errc::conflict},
                      Case{"invalid_trigger_id", Fault::other, Errc::conflict},
                      Case{"unknown_method", Fault::other, Errc::invalid},
                      Case{"brand_new_error", Fault::other, Errc::invalid},
                      Case{"slack_connect_anew", Fault::other, Errc::invalid},
                      Case{"", Fault::other, Errc::invalid}),
    [](const auto& info) {
      return *info.param.text == '\0' ? std::string{"nothing"} : std::string{info.param.text};
    });

TEST(SlackError, WhatIsNotKnownStaysUnknown) {
  EXPECT_EQ(parse_slack_error("brand_new_error"), SlackError::unknown);
  EXPECT_EQ(parse_slack_error("slack_connect_anew"), SlackError::unknown);
  EXPECT_EQ(parse_slack_error("CHANNEL_NOT_FOUND"), SlackError::unknown);
}

}  // namespace
}  // namespace ringi::slack
