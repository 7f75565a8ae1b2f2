#pragma once

#include "handlers/ports/aws.hpp"
#include "server/aws/credentials/role_session.hpp"
#include "server/config/secret.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ringi::aws {

struct RealmConfig {
  std::string name;
  std::string base_role;  // ARN; "": without [realms.*], the base credentials themselves
};

struct AccountConfig {
  AccountId id;
  std::string realm;  // RealmConfig::name; "": unclassified, unreachable
  std::string role;   // its name; "": no session is made there
  config::Secret external_id = {};
};

// A wall between credentials: the only place where a session in an account is made, and only for
// the accounts that were bound to it when it was built.
class Realm {
 public:
  Realm(SessionWorld world, std::shared_ptr<Session> base, RealmConfig config,
        std::vector<AccountConfig> accounts);

  // May do `actions` and nothing else. A write bears the person's id as RoleSessionName and
  // SourceIdentity; reads of the same actions share one session.
  Result<std::shared_ptr<Session>> session(const AccountId& account,
                                           const ports::IamActions& actions,
                                           const std::optional<SlackUser>& acting);

 private:
  struct Key {
    AccountId account;
    std::string policy;
    std::optional<SlackUser> acting;
    auto operator<=>(const Key&) const = default;
  };
  RoleRequest role_for(const AccountConfig& account, const Key& key) const;

  SessionWorld world_;
  std::string name_;
  std::shared_ptr<Session> base_;
  std::map<AccountId, AccountConfig> accounts_;
  std::map<Key, std::shared_ptr<FreshSession>> sessions_;
};

// All realms in force.
class Realms {
 public:
  Realms(SessionWorld world, std::shared_ptr<Session> base);

  // Replaces the whole table, and with it every cached session in an account. `regions` are those
  // that the configuration names.
  void configure(const std::vector<RealmConfig>& realms, const std::vector<AccountConfig>& accounts,
                 std::set<Region> regions);

  // A region that AWS is known to have, or a configured one: what an event or a person made up
  // leads to no host.
  bool reaches(const Region& region) const;

  // Errc::denied for an account that no realm holds, and without an action.
  Result<std::shared_ptr<Session>> session(const AccountId& account,
                                           const ports::IamActions& actions,
                                           const std::optional<SlackUser>& acting);

 private:
  SessionWorld world_;
  std::shared_ptr<Session> base_;
  std::map<AccountId, std::shared_ptr<Realm>> by_account_;
  std::set<Region> regions_;
};

}  // namespace ringi::aws
