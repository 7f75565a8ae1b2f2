#include "handlers/access/registry.hpp"

#include <algorithm>

namespace ringi::access {
namespace {

constexpr std::size_t longest_name = 80;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool fits(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > ' ' && byte != 0x7f && not_in_names.find(c) == not_in_names.npos;
}

// Where the name would be cut inside a character of UTF-8, before that character.
void shorten(std::string& name) {
  if (name.size() <= longest_name) return;
  auto end = longest_name;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  name.resize(end);
}

// "Web Production (old)" -> "Web-Production-(old)"; what nothing is left of is named by its id.
std::string addressable(const ListedAccount& account) {
  std::string name;
  for (const char c : trimmed(account.name)) {
    if (fits(c)) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  while (name.ends_with('-')) name.pop_back();
  shorten(name);
  return name.empty() || AccountId::parse(name) ? account.id.str() : name;
}

// Without control characters: no store takes all of them, and none means anything.
std::string tag(const ListedAccount& account, const std::string& key) {
  const auto found = account.tags.find(key);
  if (found == account.tags.end()) return {};
  std::string value{trimmed(found->second)};
  std::erase_if(value, [](char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; });
  return value;
}

// A name means itself, whatever another environment claims to be called.
std::string environment_named(const Organization& organization, const std::string& value) {
  const auto same = [&value](const std::string& one) { return same_tag_value(one, value); };
  for (const auto& [name, synonyms] : organization.environments)
    if (same(name)) return name;
  for (const auto& [name, synonyms] : organization.environments)
    if (std::ranges::any_of(synonyms, same)) return name;
  return value;
}

// AWS takes no "#" in a tag, so it may be left out.
std::string channel_named(const std::string& value) {
  if (value.empty() || value.starts_with('#') || SlackChannel::parse(value)) return value;
  return "#" + value;
}

Account account_of(const ListedAccount& listed, const Organization& organization) {
  return {
      .id = listed.id,
      .name = addressable(listed),
      .listed = true,
      .team = tag(listed, organization.tags.team),
      .environment = environment_named(organization, tag(listed, organization.tags.environment)),
      .channel = channel_named(tag(listed, organization.tags.channel))};
}

void fill(std::string& said, const std::string& otherwise) {
  if (said.empty()) said = otherwise;
}

void fill_from_listing(Account& account, const Account& listed) {
  account.listed = true;
  fill(account.name, listed.name);
  fill(account.team, listed.team);
  fill(account.environment, listed.environment);
  fill(account.channel, listed.channel);
}

void fill_from_organization(Account& account, const Organization& organization) {
  fill(account.name, account.id.str());
  fill(account.role, organization.role);
  if (account.regions.empty()) account.regions = organization.regions;
}

void mark_shared_names(std::vector<Account>& accounts) {
  std::map<std::string_view, int> borne;
  for (const auto& account : accounts) ++borne[account.name];
  for (auto& account : accounts) account.shares_name = borne[account.name] > 1;
}

}  // namespace

bool same_tag_value(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, {}, lower, lower);
}

std::vector<Account> registered(const std::vector<Account>& configured,
                                const std::vector<ListedAccount>& listed,
                                const Organization& organization) {
  std::map<AccountId, Account> found;
  for (const auto& account : listed) found.emplace(account.id, account_of(account, organization));
  std::vector<Account> accounts = configured;
  for (auto& account : accounts) {
    const auto same = found.find(account.id);
    if (same == found.end()) continue;
    fill_from_listing(account, same->second);
    found.erase(same);
  }
  const auto first_listed = static_cast<std::ptrdiff_t>(accounts.size());
  for (auto& [id, account] : found) accounts.push_back(std::move(account));
  std::ranges::sort(accounts.begin() + first_listed, accounts.end(), {}, &Account::name);
  for (auto& account : accounts) fill_from_organization(account, organization);
  mark_shared_names(accounts);
  return accounts;
}

}  // namespace ringi::access
