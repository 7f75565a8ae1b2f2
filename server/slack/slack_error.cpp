#include "server/slack/slack_error.hpp"

#include <algorithm>
#include <array>

namespace ringi::slack {
namespace {

struct Row {
  std::string_view text;
  SlackError error;
  Fault fault;
  Errc code;
};

using S = SlackError;
using F = Fault;

constexpr std::array rows{
    Row{"not_authed", S::not_authed, F::token, Errc::denied},
    Row{"invalid_auth", S::invalid_auth, F::token, Errc::denied},
    Row{"account_inactive", S::account_inactive, F::token, Errc::denied},
    Row{"token_revoked", S::token_revoked, F::token, Errc::denied},
    Row{"token_expired", S::token_expired, F::token, Errc::denied},
    Row{"missing_scope", S::missing_scope, F::token, Errc::denied},
    Row{"no_permission", S::access_restricted, F::token, Errc::denied},
    Row{"not_allowed_token_type", S::access_restricted, F::token, Errc::denied},
    Row{"ekm_access_denied", S::access_restricted, F::token, Errc::denied},
    Row{"enterprise_is_restricted", S::access_restricted, F::token, Errc::denied},
    Row{"org_login_required", S::access_restricted, F::token, Errc::denied},
    Row{"two_factor_setup_required", S::access_restricted, F::token, Errc::denied},
    Row{"accesslimited", S::access_restricted, F::token, Errc::denied},
    Row{"access_denied", S::access_restricted, F::token, Errc::denied},
    Row{"is_bot", S::access_restricted, F::token, Errc::denied},
    Row{"team_added_to_org", S::access_restricted, F::token, Errc::denied},
    Row{"app_access_restricted", S::access_restricted, F::token, Errc::denied},
    Row{"channel_not_found", S::channel_not_found, F::target, Errc::not_found},
    Row{"invalid_channel", S::channel_not_found, F::target, Errc::not_found},
    Row{"channel_is_limited_access", S::channel_not_found, F::target, Errc::not_found},
    Row{"duplicate_channel_not_found", S::channel_not_found, F::target, Errc::not_found},
    Row{"team_not_found", S::channel_not_found, F::target, Errc::not_found},
    Row{"not_in_channel", S::not_in_channel, F::target, Errc::not_found},
    Row{"is_archived", S::is_archived, F::target, Errc::not_found},
    Row{"is_inactive", S::is_inactive, F::target, Errc::not_found},
    Row{"user_not_found", S::user_not_found, F::target, Errc::not_found},
    Row{"user_not_visible", S::user_not_visible, F::target, Errc::not_found},
    Row{"user_disabled", S::user_disabled, F::target, Errc::not_found},
    Row{"user_not_in_channel", S::user_not_in_channel, F::target, Errc::not_found},
    Row{"restricted_action", S::restricted_action, F::target, Errc::denied},
    Row{"restricted_action_read_only_channel", S::restricted_action, F::target, Errc::denied},
    Row{"restricted_action_thread_only_channel", S::restricted_action, F::target, Errc::denied},
    Row{"restricted_action_non_threadable_channel", S::restricted_action, F::target, Errc::denied},
    Row{"restricted_action_thread_locked", S::restricted_action, F::target, Errc::denied},
    Row{"cannot_reply_to_message", S::restricted_action, F::target, Errc::denied},
    Row{"messages_tab_disabled", S::restricted_action, F::target, Errc::denied},
    Row{"posting_to_channel_denied", S::restricted_action, F::target, Errc::denied},
    Row{"no_such_subteam", S::no_such_subteam, F::target, Errc::not_found},
    Row{"plan_upgrade_required", S::plan_upgrade_required, F::other, Errc::denied},
    Row{"message_not_found", S::message_not_found, F::message, Errc::not_found},
    Row{"cant_update_message", S::cant_update_message, F::message, Errc::denied},
    Row{"cant_delete_message", S::cant_delete_message, F::message, Errc::denied},
    Row{"edit_window_closed", S::edit_window_closed, F::message, Errc::denied},
    Row{"streaming_state_conflict", S::cant_update_message, F::message, Errc::denied},
    Row{"not_found", S::view_not_found, F::message, Errc::not_found},
    Row{"invalid_blocks", S::invalid_blocks, F::content, Errc::invalid},
    Row{"invalid_blocks_format", S::invalid_blocks, F::content, Errc::invalid},
    Row{"invalid_attachments", S::invalid_blocks, F::content, Errc::invalid},
    Row{"block_mismatch", S::invalid_blocks, F::content, Errc::invalid},
    Row{"invalid_metadata_format", S::invalid_blocks, F::content, Errc::invalid},
    Row{"invalid_metadata_schema", S::invalid_blocks, F::content, Errc::invalid},
    Row{"metadata_must_be_sent_from_app", S::invalid_blocks, F::content, Errc::invalid},
    Row{"markdown_text_conflict", S::invalid_blocks, F::content, Errc::invalid},
    Row{"invalid_arguments", S::invalid_arguments, F::content, Errc::invalid},
    Row{"missing_argument", S::invalid_arguments, F::content, Errc::invalid},
    Row{"missing_args", S::invalid_arguments, F::content, Errc::invalid},
    Row{"invalid_arg_name", S::invalid_arguments, F::content, Errc::invalid},
    Row{"invalid_array_arg", S::invalid_arguments, F::content, Errc::invalid},
    Row{"invalid_charset", S::invalid_arguments, F::content, Errc::invalid},
    Row{"invalid_form_data", S::invalid_arguments, F::content, Errc::invalid},
    Row{"invalid_post_type", S::invalid_arguments, F::content, Errc::invalid},
    Row{"missing_post_type", S::invalid_arguments, F::content, Errc::invalid},
    Row{"invalid_json", S::invalid_arguments, F::content, Errc::invalid},
    Row{"json_not_object", S::invalid_arguments, F::content, Errc::invalid},
    Row{"invalid_cursor", S::invalid_arguments, F::content, Errc::invalid},
    Row{"invalid_limit", S::invalid_arguments, F::content, Errc::invalid},
    Row{"invalid_types", S::invalid_arguments, F::content, Errc::invalid},
    Row{"invalid_team", S::invalid_arguments, F::content, Errc::invalid},
    Row{"duplicate_external_id", S::invalid_arguments, F::content, Errc::invalid},
    Row{"msg_too_long", S::msg_too_long, F::content, Errc::invalid},
    Row{"msg_too_large", S::msg_too_long, F::content, Errc::invalid},
    Row{"msg_blocks_too_long", S::msg_too_long, F::content, Errc::invalid},
    Row{"msg_blocks_too_many", S::msg_too_long, F::content, Errc::invalid},
    Row{"too_many_attachments", S::msg_too_long, F::content, Errc::invalid},
    Row{"attachment_payload_limit_exceeded", S::msg_too_long, F::content, Errc::invalid},
    Row{"metadata_too_large", S::msg_too_long, F::content, Errc::invalid},
    Row{"no_text", S::no_text, F::content, Errc::invalid},
    Row{"view_too_large", S::view_too_large, F::content, Errc::invalid},
    Row{"expired_trigger_id", S::expired_trigger_id, F::other, Errc::conflict},
    Row{"trigger_expired", S::expired_trigger_id, F::other, Errc::conflict},
    Row{"invalid_trigger_id", S::expired_trigger_id, F::other, Errc::conflict},
    Row{"exchanged_trigger_id", S::exchanged_trigger_id, F::other, Errc::conflict},
    Row{"trigger_exchanged", S::exchanged_trigger_id, F::other, Errc::conflict},
    Row{"hash_conflict", S::hash_conflict, F::other, Errc::conflict},
    Row{"ratelimited", S::ratelimited, F::transient, Errc::limited},
    Row{"rate_limited", S::ratelimited, F::transient, Errc::limited},
    Row{"message_limit_exceeded", S::ratelimited, F::transient, Errc::limited},
    Row{"service_unavailable", S::service_unavailable, F::transient, Errc::unavailable},
    Row{"request_timeout", S::request_timeout, F::transient, Errc::unavailable},
    Row{"fatal_error", S::fatal_error, F::transient, Errc::unavailable},
    Row{"internal_error", S::internal_error, F::transient, Errc::unavailable},
    Row{"unknown_method", S::unknown_method, F::other, Errc::invalid},
    Row{"method_deprecated", S::unknown_method, F::other, Errc::invalid},
    Row{"deprecated_endpoint", S::unknown_method, F::other, Errc::invalid},
};

}  // namespace

SlackError parse_slack_error(std::string_view text) {
  const auto row = std::ranges::find(rows, text, &Row::text);
  if (row != rows.end()) return row->error;
  // One for each way in which another organisation may refuse.
  const bool other_side = text.starts_with("slack_connect_") && text.ends_with("_blocked");
  return other_side ? SlackError::restricted_action : SlackError::unknown;
}

Fault fault_of(SlackError error) {
  const auto row = std::ranges::find(rows, error, &Row::error);
  return row == rows.end() ? Fault::other : row->fault;
}

Fault fault_of(const Error& error) {
  if (is_transient(error.code)) return Fault::transient;
  return fault_of(parse_slack_error(error.service_code));
}

Errc errc_of(SlackError error) {
  const auto row = std::ranges::find(rows, error, &Row::error);
  return row == rows.end() ? Errc::invalid : row->code;
}

bool may_have_taken_effect(SlackError error) {
  return error == SlackError::fatal_error || error == SlackError::internal_error;
}

}  // namespace ringi::slack
