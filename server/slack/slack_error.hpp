#pragma once

#include "handlers/types/error.hpp"

#include <string>
#include <string_view>

namespace ringi::slack {

// Slack's error strings, those that ask for the same act under one name; its list is open, so
// everything else is `unknown`. Source: docs.slack.dev/reference/methods.
enum class SlackError {
  not_authed,
  invalid_auth,
  account_inactive,
  token_revoked,
  token_expired,
  missing_scope,
  access_restricted,  // the workspace or the organisation keeps the app out
  channel_not_found,
  not_in_channel,
  is_archived,
  is_inactive,
  user_not_found,
  user_not_visible,
  user_disabled,
  user_not_in_channel,
  restricted_action,  // posting, or replying, is not for the app in this place
  no_such_subteam,
  plan_upgrade_required,
  message_not_found,
  cant_update_message,
  cant_delete_message,
  edit_window_closed,
  view_not_found,
  invalid_blocks,
  invalid_arguments,
  msg_too_long,
  no_text,
  view_too_large,
  expired_trigger_id,
  exchanged_trigger_id,
  hash_conflict,
  ratelimited,
  service_unavailable,
  request_timeout,
  fatal_error,
  internal_error,
  unknown_method,
  unknown,
};

SlackError parse_slack_error(std::string_view text);

// What can be done about it.
enum class Fault {
  token,      // the token or its scopes: an operator must act
  target,     // the channel or person cannot be reached: say it elsewhere
  message,    // the message that was to be changed is gone
  content,    // what was sent is refused: it will not help to repeat it
  transient,  // may be repeated later
  other,
};
Fault fault_of(SlackError error);
Fault fault_of(const Error& error);  // by code, then by service_code

Errc errc_of(SlackError error);

// True where Slack may have carried out what it answered with this.
bool may_have_taken_effect(SlackError error);

}  // namespace ringi::slack
