#include "server/aws/organization/list_accounts.hpp"

#include "server/aws/client/collect.hpp"
#include "server/aws/client/members.hpp"
#include "server/observe/logger.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

namespace ringi::aws {
namespace {

using namespace std::chrono_literals;
using access::ListedAccount;
using nlohmann::json;

constexpr Duration whole_listing = 1h;
constexpr Duration one_call = 20s;
constexpr Duration between_calls = 200ms;
constexpr Duration after_a_failure = 5s;       // throttled or not: it asked three times by then
constexpr int most_failures = 5;               // of one call, until the whole is given up
constexpr std::size_t most_accounts = 50'000;  // docs: the quota's highest value

// State is replacing Status (facts, section 8); where there is neither, the account is not active.
bool is_active(const json& account) {
  const auto state = text_at(account, "State");
  return (state.empty() ? text_at(account, "Status") : state) == "ACTIVE";
}

// "o-…/r-…/ou-…/ou-…/222233334444/": any of the units on the way.
bool stands_below(const json& path, const std::set<std::string>& units) {
  if (!path.is_string()) return false;
  std::string_view rest = path.get_ref<const std::string&>();
  while (!rest.empty()) {
    const auto end = std::min(rest.find('/'), rest.size());
    if (units.contains(std::string{rest.substr(0, end)})) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

class Listing {
 public:
  Listing(OrganizationReader reader, OrganizationPlan plan)
      : reader_(std::move(reader)),
        tags_(std::move(plan.tags)),
        exclude_(plan.exclude.begin(), plan.exclude.end()) {}

  Task<Result<std::vector<ListedAccount>>> run() {
    auto read = co_await find_accounts();
    if (read.has_error()) co_return read.error();
    for (const auto& unit : exclude_) {
      if (!unplaced_ || !unit.starts_with("ou-")) continue;
      auto walked = co_await exclude_below(unit);
      if (walked.has_error()) co_return walked.error();
    }
    std::vector<ListedAccount> accounts;
    for (auto& account : found_) {
      const auto& id = account.id.str();
      if (exclude_.contains(id) || below_.contains(id)) continue;
      auto tagged = co_await read_tags(account);
      if (tagged.has_error()) co_return tagged.error();
      if (*tagged) accounts.push_back(std::move(account));
    }
    co_return accounts;
  }

 private:
  Task<Result<Collected>> ask(std::string operation, json input) {
    Invocation what{.service = "organizations",
                    .operation = std::move(operation),
                    .region = reader_.region,
                    .deadline = whole_listing};
    const PageLimits limits{.pages = most_accounts,
                            .results = most_accounts,
                            .bytes = 256u << 20,
                            .one_page = one_call,
                            .pause = [this] { return reader_.sleep(between_calls); }};
    for (int failures = 0;;) {
      co_await reader_.sleep(failures == 0 ? between_calls : after_a_failure);
      auto all =
          co_await collect(reader_.client, reader_.clock, reader_.session, what, input, limits);
      if (all.has_value() && !all->truncated) co_return all;
      if (all.has_value()) co_return error(Errc::internal, "the listing is longer than AWS allows");
      if (!is_transient(all.error().code) || ++failures > most_failures) co_return all.error();
    }
  }

  Task<Result<void>> find_accounts() {
    auto answer = co_await ask("ListAccounts", json::object());
    if (answer.has_error()) co_return answer.error();
    const auto& all = list_at(answer->output, "Accounts");
    // Each organization has its management account: none at all is no answer.
    if (all.empty()) co_return error(Errc::unavailable, "AWS listed no account at all");
    for (const auto& one : all) {
      const auto id = AccountId::parse(text_at(one, "Id"));
      if (!id || !is_active(one)) continue;
      const auto& paths = list_at(one, "Paths");
      const bool excluded = std::ranges::any_of(
          paths, [this](const json& path) { return stands_below(path, exclude_); });
      unplaced_ = unplaced_ || paths.empty();
      if (!excluded) found_.push_back({*id, text_at(one, "Name"), {}});
    }
    co_return Result<void>{};
  }

  // Facts: the children that ListAccountsForParent gives are direct ones only.
  Task<Result<void>> exclude_below(std::string unit) {
    std::vector<std::string> units{std::move(unit)};
    while (!units.empty()) {
      const json parent{{"ParentId", units.back()}};
      units.pop_back();
      auto accounts = co_await ask("ListAccountsForParent", parent);
      if (accounts.has_error() && accounts.error().service_code == "ParentNotFoundException") {
        reader_.log->warn("organization.exclude names {}, which is not there",
                          text_at(parent, "ParentId"));
        continue;
      }
      if (accounts.has_error()) co_return accounts.error();
      for (const auto& one : list_at(accounts->output, "Accounts"))
        below_.insert(text_at(one, "Id"));
      auto below = co_await ask("ListOrganizationalUnitsForParent", parent);
      if (below.has_error()) co_return below.error();
      for (const auto& one : list_at(below->output, "OrganizationalUnits"))
        units.push_back(text_at(one, "Id"));
    }
    co_return Result<void>{};
  }

  // false: the account is not there any more.
  Task<Result<bool>> read_tags(ListedAccount& account) {
    auto answer = co_await ask("ListTagsForResource", {{"ResourceId", account.id.str()}});
    if (answer.has_error() && answer.error().service_code == "TargetNotFoundException")
      co_return false;
    if (answer.has_error()) co_return answer.error();
    for (const auto& tag : list_at(answer->output, "Tags"))
      if (auto key = text_at(tag, "Key"); tags_.contains(key))
        account.tags.insert_or_assign(std::move(key), text_at(tag, "Value"));
    co_return true;
  }

  OrganizationReader reader_;
  std::set<std::string> tags_;
  std::set<std::string> exclude_, below_;  // as written; the accounts below such units
  std::vector<ListedAccount> found_;
  bool unplaced_ = false;  // AWS does not say of all where they stand, so somebody must walk there
};

}  // namespace

Task<Result<std::vector<ListedAccount>>> list_accounts(OrganizationReader reader,
                                                       OrganizationPlan plan) {
  Listing listing{std::move(reader), std::move(plan)};
  auto accounts = co_await listing.run();
  co_return accounts;
}

}  // namespace ringi::aws
