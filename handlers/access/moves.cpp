#include "handlers/access/moves.hpp"

#include <tuple>
#include <utility>

namespace ringi::access {
namespace {

const Environment* find(const Environments& environments, const std::string& name) {
  const auto found = environments.find(name);
  return found == environments.end() ? nullptr : &found->second;
}

// The environment's own realm and kind; those of the last one that was known where it has none.
void build_wall(KnownAccount& account, const Environments& environments) {
  const auto* environment = find(environments, account.environment);
  if (environment == nullptr) return;
  account.wall = environment->name;
  account.realm = environment->realm;
  account.production = environment->production;
}

bool passes(const KnownAccount& before, const Environment* to) {
  if (before.wall.empty()) return true;
  if (to == nullptr) return !before.production;  // unreachable, but nothing is opened
  return to->realm == before.realm && (to->production || !before.production);
}

auto shown(const KnownAccount& account) {
  return std::tie(account.name, account.team, account.environment, account.channel, account.realm,
                  account.production);
}

KnownAccount row_of(const Account& wanted) {
  return {.id = wanted.id,
          .name = wanted.name,
          .team = wanted.team,
          .environment = wanted.environment,
          .channel = wanted.channel,
          .listed = wanted.listed};
}

KnownAccount next_row(const KnownAccount& before, const Account& wanted,
                      const Environments& environments, const NextId& next_id) {
  auto row = row_of(wanted);
  row.wall = before.wall;
  row.realm = before.realm;
  row.production = before.production;
  const auto* to = find(environments, wanted.environment);
  const bool stays = wanted.environment == before.environment &&
                     (to == nullptr || before.wall == wanted.environment);
  const bool waits = !stays && !passes(before, to);
  if (waits) {
    const bool asked = !before.move.empty() && before.to == wanted.environment;
    row.move = asked ? before.move : next_id();
    row.to = wanted.environment;
    // One that was not known had no realm, and must not come by one meanwhile.
    row.environment = before.wall == before.environment ? before.environment : "";
  }
  build_wall(row, environments);
  return row;
}

KnownAccount gone(KnownAccount account) {
  account.gone = true;
  account.move = {};
  account.to.clear();
  return account;
}

}  // namespace

std::string_view kind_of(const AccountChange& change) {
  const auto& [before, after] = change;
  if (after.gone) return "account.removed";
  if (!before || before->gone) return "account.added";
  return shown(*before) == shown(after) ? "" : "account.changed";
}

bool asks_for_move(const AccountChange& change) {
  return !change.after.move.empty() && (!change.before || change.before->move != change.after.move);
}

bool drops_move(const AccountChange& change) {
  return change.before && !change.before->move.empty() && change.before->move != change.after.move;
}

InForce in_force(std::vector<Account> wanted, const std::vector<KnownAccount>& known,
                 const Environments& environments, const NextId& next_id) {
  std::map<AccountId, const KnownAccount*> left;
  for (const auto& row : known) left.emplace(row.id, &row);
  InForce result;
  for (auto& account : wanted) {
    const auto found = left.find(account.id);
    if (found == left.end()) {
      auto row = row_of(account);
      build_wall(row, environments);
      result.changes.push_back({std::nullopt, std::move(row)});
      continue;
    }
    const KnownAccount& before = *found->second;
    auto row = next_row(before, account, environments, next_id);
    account.environment = row.environment;
    if (!row.move.empty()) result.waiting.push_back(row);
    if (row != before) result.changes.push_back({before, std::move(row)});
    left.erase(found);
  }
  for (const auto& [id, row] : left)
    if (!row->gone) result.changes.push_back({*row, gone(*row)});
  result.accounts = std::move(wanted);
  return result;
}

KnownAccount moved(KnownAccount account, const Environments& environments) {
  account.environment = std::exchange(account.to, {});
  account.move = {};
  build_wall(account, environments);
  return account;
}

}  // namespace ringi::access
