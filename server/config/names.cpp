#include "server/config/names.hpp"

#include "handlers/access/registry.hpp"

#include <algorithm>

namespace ringi::config {
namespace {

constexpr std::size_t longest_name =
    80;  // Slack's limit for channel names, and enough for the rest

bool is_word_char(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > ' ' && byte != 0x7f;
}

bool is_word(std::string_view text, std::string_view refused) {
  return !text.empty() && text.size() <= longest_name && std::ranges::all_of(text, is_word_char) &&
         text.find_first_of(refused) == text.npos;
}

bool is_lower_word(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

bool is_role_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view{"+=,.@_-"}.find(c) != std::string_view::npos;
}

}  // namespace

std::optional<std::string> parse_name(std::string_view text) {
  if (!is_word(text, access::not_in_names)) return std::nullopt;
  return std::string{text};
}

std::optional<std::string> parse_account_name(std::string_view text) {
  if (AccountId::parse(text)) return std::nullopt;
  return parse_name(text);
}

std::optional<std::string> parse_channel(std::string_view text) {
  if (SlackChannel::parse(text)) return std::string{text};
  if (!text.starts_with('#')) return std::nullopt;
  const std::string_view name = text.substr(1);
  const bool lower = std::ranges::none_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!lower || !is_word(name, "@#/*?\"'`<>&,.:;!()[]{}")) return std::nullopt;
  return std::string{text};
}

std::optional<std::string> parse_command(std::string_view text) {
  const bool command =
      text.size() >= 2 && text.size() <= 32 && text[0] == '/' && is_lower_word(text.substr(1));
  if (!command) return std::nullopt;
  return std::string{text};
}

std::optional<std::string> parse_glob(std::string_view text) {
  if (text.empty() || text.size() > 256) return std::nullopt;
  return std::string{text};
}

std::optional<access::Who> parse_who(std::string_view text) {
  if (text == "members") return access::Members{};
  if (text == "team.members") return access::TeamMembers{};
  if (text == "team.approvers") return access::TeamApprovers{};
  return parse_group_or_user(text);
}

std::optional<access::Who> parse_group_or_user(std::string_view text) {
  if (text.starts_with('@')) {
    const auto handle = parse_name(text.substr(1));
    if (!handle) return std::nullopt;
    return access::Group{*handle};
  }
  const auto user = SlackUser::parse(text);
  if (!user) return std::nullopt;
  return *user;
}

std::optional<std::string> parse_role_name(std::string_view text) {
  const bool role = !text.empty() && text.size() <= 64 && std::ranges::all_of(text, is_role_char);
  if (!role) return std::nullopt;
  return std::string{text};
}

std::optional<std::string> parse_role_arn(std::string_view text) {
  const auto account_at = text.find(":iam::");
  if (!text.starts_with("arn:aws") || account_at == text.npos) return std::nullopt;
  const std::string_view rest = text.substr(account_at + 6);
  const std::string_view role = ":role/";
  if (rest.size() < 12 || !AccountId::parse(rest.substr(0, 12))) return std::nullopt;
  if (!rest.substr(12).starts_with(role)) return std::nullopt;
  if (!parse_role_name(rest.substr(rest.rfind('/') + 1))) return std::nullopt;
  return std::string{text};
}

// docs.aws.amazon.com/organizations: ou-<4 to 32>-<8 to 32>, lower-case letters and digits.
std::optional<std::string> parse_excluded(std::string_view text) {
  if (AccountId::parse(text)) return std::string{text};
  if (!text.starts_with("ou-")) return std::nullopt;
  const auto dash = text.find('-', 3);
  if (dash == text.npos) return std::nullopt;
  const auto root = text.substr(3, dash - 3), unit = text.substr(dash + 1);
  const auto fits = [](std::string_view part, std::size_t shortest) {
    return part.size() >= shortest && part.size() <= 32 && is_lower_word(part) &&
           part.find_first_of("-_") == part.npos;
  };
  if (!fits(root, 4) || !fits(unit, 8)) return std::nullopt;
  return std::string{text};
}

bool is_glob(std::string_view text) {
  return text.find_first_of("*?") != text.npos;
}

}  // namespace ringi::config
