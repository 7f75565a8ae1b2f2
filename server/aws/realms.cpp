#include "server/aws/realms.hpp"

#include "handlers/types/partition.hpp"
#include "server/aws/session_policy.hpp"

#include <utility>

namespace ringi::aws {
namespace {

// RoleSessionName of what is no person's own act; the ledger knows the person.
constexpr std::string_view shared_name = "ringi";

}  // namespace

Realm::Realm(SessionWorld world, std::shared_ptr<Session> base, RealmConfig config,
             std::vector<AccountConfig> accounts)
    : world_(std::move(world)), name_(std::move(config.name)), base_(std::move(base)) {
  if (!config.base_role.empty()) {
    RoleRequest role{.role_arn = std::move(config.base_role),
                     .session_name = std::string{shared_name}};
    base_ = role_session(world_, std::move(base_), std::move(role));
  }
  for (auto& account : accounts) {
    auto id = account.id;
    accounts_.emplace(std::move(id), std::move(account));
  }
}

Result<std::shared_ptr<Session>> Realm::session(const AccountId& account,
                                                const ports::IamActions& actions,
                                                const std::optional<SlackUser>& acting) {
  const auto found = accounts_.find(account);
  if (found == accounts_.end())
    return error(Errc::denied, "Account " + account.str() + " is not in realm " + name_ + ".");
  // The base is a door, not a role in the account: it may belong to quite another one.
  if (found->second.role.empty())
    return error(Errc::denied, "Account " + account.str() + " has no role to assume.");
  auto policy = session_policy(actions);
  if (policy.has_error()) return policy.error();
  Key key{account, *std::move(policy), acting};
  if (const auto known = sessions_.find(key); known != sessions_.end())
    return std::shared_ptr<Session>{known->second};
  std::erase_if(sessions_, [](const auto& entry) { return entry.second->dormant(); });
  auto fresh = role_session(world_, base_, role_for(found->second, key));
  sessions_.emplace(std::move(key), fresh);
  return std::shared_ptr<Session>{std::move(fresh)};
}

RoleRequest Realm::role_for(const AccountConfig& account, const Key& key) const {
  const auto partition = std::string{partition_of(world_.region).name};
  return {.role_arn = "arn:" + partition + ":iam::" + account.id.str() + ":role/" + account.role,
          .session_name = key.acting ? key.acting->str() : std::string{shared_name},
          .source_identity = key.acting ? key.acting->str() : "",
          .session_policy = key.policy,
          .external_id = account.external_id};
}

Realms::Realms(SessionWorld world, std::shared_ptr<Session> base)
    : world_(std::move(world)), base_(std::move(base)) {}

void Realms::configure(const std::vector<RealmConfig>& realms,
                       const std::vector<AccountConfig>& accounts, std::set<Region> regions) {
  std::map<AccountId, std::shared_ptr<Realm>> table;
  for (const auto& realm : realms) {
    std::vector<AccountConfig> members;
    for (const auto& account : accounts)
      if (!account.realm.empty() && account.realm == realm.name) members.push_back(account);
    const auto built = std::make_shared<Realm>(world_, base_, realm, members);
    for (const auto& account : members) table[account.id] = built;
  }
  by_account_ = std::move(table);
  regions_ = std::move(regions);
}

bool Realms::reaches(const Region& region) const {
  return is_known_region(region) || regions_.contains(region);
}

Result<std::shared_ptr<Session>> Realms::session(const AccountId& account,
                                                 const ports::IamActions& actions,
                                                 const std::optional<SlackUser>& acting) {
  const auto found = by_account_.find(account);
  if (found == by_account_.end())
    return error(Errc::denied,
                 "Account " + account.str() + " is in no realm: ringi may not reach it.");
  return found->second->session(account, actions, acting);
}

}  // namespace ringi::aws
