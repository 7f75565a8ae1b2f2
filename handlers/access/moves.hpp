#pragma once

#include "handlers/access/rules.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What is in force of the accounts there are: a move out of production, or into another realm,
// waits until an operator presses its button; until then the old environment and its realm stay.
namespace ringi::access {

// An account as ringi last knew it.
struct KnownAccount {
  AccountId id;
  std::string name, team, environment, channel;  // in force
  // The last environment that was known, its realm, and whether it was production: losing the
  // environment, or leaving the organization for a while, is no way round the wall. "": none yet.
  std::string wall = {};
  std::string realm = {};
  bool production = false;
  bool listed = false;  // by AWS Organizations, not in the configuration alone
  bool gone = false;    // no account of ours any more
  OpaqueId move = {};   // the button's; empty: no move waits
  std::string to = {};  // the environment that it would move to
  friend bool operator==(const KnownAccount&, const KnownAccount&) = default;
};

// One account whose row is not as it was.
struct AccountChange {
  std::optional<KnownAccount> before;
  KnownAccount after;
};
// The kind of its ledger entry: "account.added", "account.removed", "account.changed"; "" for what
// is no news.
std::string_view kind_of(const AccountChange& change);
bool asks_for_move(const AccountChange& change);
bool drops_move(const AccountChange& change);  // one that waited is wanted no more

struct InForce {
  std::vector<Account> accounts;
  std::vector<AccountChange> changes;
  std::vector<KnownAccount> waiting;  // those whose move waits, asked for now or before
};

using Environments = std::map<std::string, Environment>;
using NextId = std::function<OpaqueId()>;

// `wanted`: what configuration and tags say. Pure but for `next_id`, which names new moves. That an
// environment itself is in another realm by now is no move: [realms] is read at a start only.
InForce in_force(std::vector<Account> wanted, const std::vector<KnownAccount>& known,
                 const Environments& environments, const NextId& next_id);

// The row once the move that waits on it is agreed to.
KnownAccount moved(KnownAccount account, const Environments& environments);

}  // namespace ringi::access
