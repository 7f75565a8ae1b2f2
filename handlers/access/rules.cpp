#include "handlers/access/rules.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ringi::access {
namespace {

constexpr std::array<std::pair<Action, std::string_view>, 5> action_names = {{
    {Action::start, "start"},
    {Action::read, "read"},
    {Action::approve, "approve"},
    {Action::audit, "audit"},
    {Action::operate, "operate"},
}};

SlackChannel channel_named(const Rules& rules, const std::string& name) {
  const auto found = rules.channel_ids.find(name);
  return found == rules.channel_ids.end() ? SlackChannel{} : found->second;
}

}  // namespace

std::string_view name_of(Action action) {
  const auto found =
      std::ranges::find(action_names, action, &decltype(action_names)::value_type::first);
  return found->second;
}

std::optional<Action> parse_action(std::string_view text) {
  const auto found =
      std::ranges::find(action_names, text, &decltype(action_names)::value_type::second);
  if (found == action_names.end()) return std::nullopt;
  return found->first;
}

bool is_about_no_account(Action action) {
  return action == Action::audit || action == Action::operate;
}

const Account* find_account(const Rules& rules, std::string_view name_or_id) {
  const auto named = [name_or_id](const Account& account) {
    return account.id.str() == name_or_id || (account.name == name_or_id && !account.shares_name);
  };
  const auto found = std::ranges::find_if(rules.accounts, named);
  return found == rules.accounts.end() ? nullptr : &*found;
}

const Account* find_account(const Rules& rules, const AccountId& id) {
  const auto found = std::ranges::find(rules.accounts, id, &Account::id);
  return found == rules.accounts.end() ? nullptr : &*found;
}

std::string address_of(const Account& account) {
  return account.shares_name ? account.id.str() : account.name;
}

const Environment* environment_of(const Rules& rules, const Account& account) {
  const auto found = rules.environments.find(account.environment);
  return found == rules.environments.end() ? nullptr : &found->second;
}

const Team* team_of(const Rules& rules, const Account& account) {
  const auto found = rules.teams.find(account.team);
  return found == rules.teams.end() ? nullptr : &found->second;
}

SlackChannel channel_of(const Rules& rules, const Account& account) {
  const Team* const team = team_of(rules, account);
  const std::string* wanted = &rules.default_channel;
  if (team && !team->channel.empty()) wanted = &team->channel;
  if (!account.channel.empty()) wanted = &account.channel;
  const SlackChannel channel = channel_named(rules, *wanted);
  return channel.empty() ? channel_named(rules, rules.operators_channel) : channel;
}

// Goes back to the last "*" alone when something does not fit: no earlier one can help, so the time
// is bounded by the product of both lengths without recursion.
bool glob_matches(std::string_view glob, std::string_view value) {
  std::size_t g = 0, v = 0, star = glob.npos, resumed = 0;
  while (v < value.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resumed = v;
    } else if (g < glob.size() && (glob[g] == '?' || glob[g] == value[v])) {
      ++g;
      ++v;
    } else if (star != glob.npos) {
      g = star + 1;
      v = ++resumed;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

}  // namespace ringi::access
