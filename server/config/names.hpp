#pragma once

#include "handlers/access/rules.hpp"

#include <optional>
#include <string>
#include <string_view>

// The words that people choose: each function takes one as it was written and refuses what it
// cannot be.
namespace ringi::config {

// Of teams, environments, realms, groups: no spaces, no "@#/*?", so that each can stand in a
// TARGET, a who and a glob; other alphabets are welcome.
std::optional<std::string> parse_name(std::string_view text);

// A name that is no account id.
std::optional<std::string> parse_account_name(std::string_view text);

std::optional<std::string> parse_channel(std::string_view text);  // "#web-deploys" or "C0001"
std::optional<std::string> parse_command(std::string_view text);  // "/deploy"
std::optional<std::string> parse_glob(std::string_view text);
std::optional<access::Who> parse_who(std::string_view text);
std::optional<access::Who> parse_group_or_user(std::string_view text);
std::optional<std::string> parse_role_name(
    std::string_view text);  // of an IAM role, without its path
std::optional<std::string> parse_role_arn(std::string_view text);
// An organizational unit's id, "ou-abcd-12345678", or an account's.
std::optional<std::string> parse_excluded(std::string_view text);

inline constexpr std::string_view expected_name = "a name without spaces and without @ # / * ?";
inline constexpr std::string_view expected_channel = "a channel: \"#name\" or its id, \"C0123\"";
inline constexpr std::string_view expected_who =
    "\"members\", \"team.members\", \"team.approvers\", \"@group\" or a user id, \"U0123\"";

inline constexpr std::string_view expected_region = "a region: \"ap-northeast-1\"";
inline constexpr std::string_view expected_role = "a role's name, no ARN";

bool is_glob(std::string_view text);  // holds "*" or "?"

}  // namespace ringi::config
