#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/resource.hpp"
#include "handlers/types/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ringi::access {

// The actions of this version (contract section 5).
enum class Action { start, read, approve, audit, operate };
std::string_view name_of(Action action);
std::optional<Action> parse_action(std::string_view text);
// Those that belong to no account: [[policy]] alone gives them.
bool is_about_no_account(Action action);

// Terms of `who`.
struct Members {
  friend bool operator==(const Members&, const Members&) = default;
};
struct TeamMembers {
  friend bool operator==(const TeamMembers&, const TeamMembers&) = default;
};
struct TeamApprovers {
  friend bool operator==(const TeamApprovers&, const TeamApprovers&) = default;
};
struct Group {
  std::string handle;
  friend bool operator==(const Group&, const Group&) = default;
};  // without "@"
using Who = std::variant<Members, TeamMembers, TeamApprovers, Group, SlackUser>;

struct Team {
  std::string name;
  std::optional<Who> members, approvers;  // Group or user; team.* terms are not allowed here
  std::string channel;                    // "#web-deploys", or ""
};

enum class Comment { never, reject, always };
enum class Cards { all, approvals, failures };
enum class Mode { act, observe };

struct Environment {
  std::string name;
  bool production = false;
  std::string realm;  // "" without realms
  bool four_eyes_starter = true;
  Comment comment = Comment::reject;
  Cards cards = Cards::all;
  Mode mode = Mode::act;
};

struct Account {
  AccountId id;
  std::string name;          // as a TARGET says it, unless `shares_name`
  bool shares_name = false;  // another account bears it too: only the id means this one
  bool listed = false;       // by AWS Organizations
  std::string team,
      environment;      // may be ""; an account without a known environment is unclassified
  std::string channel;  // "#…" or ""
  std::string role;     // the role's name in the account
  std::vector<Region> regions;
  friend bool operator==(const Account&, const Account&) = default;
};

// One statement; those of [environments] are named "environments.production.start", those of
// [[policy]] by their id. An empty condition matches everything; values are globs.
struct Statement {
  enum class Effect { allow, deny };
  std::string id;
  Effect effect = Effect::allow;
  std::vector<Action> actions;
  std::vector<Who> who;
  std::vector<std::string> team, environment, account, pipeline, channel;
};

// Everything that handlers need of the configuration. Plain values, never changed after loading.
struct Rules {
  std::vector<Account> accounts;
  std::map<std::string, Team> teams;
  std::map<std::string, Environment> environments;
  std::vector<Statement> statements;
  std::map<std::string, std::vector<SlackUser>> groups;  // [groups]; handle without "@"
  std::map<std::string, SlackUser> people;  // [people]: principal glob or e-mail -> user
  std::vector<std::string> redact_variables;
  std::string console;  // [aws] console
  std::string command_deploy = "/deploy", command_aws = "/aws", command_ringi = "/ringi";
  std::string default_channel, operators_channel;  // "#…" as written
  std::vector<SlackChannel> external_channels;
  std::string hash;  // "sha256:…" of the configuration as read

  // Names that Slack resolved, pinned in the store. A name that is missing here is unresolved.
  std::map<std::string, SlackChannel> channel_ids;  // "#web-deploys" or "C…" -> id
  std::map<std::string, SlackGroup> group_ids;      // handle without "@" -> id
};

// A name that two accounts bear finds neither.
const Account* find_account(const Rules& rules, std::string_view name_or_id);
const Account* find_account(const Rules& rules, const AccountId& id);
std::string address_of(const Account& account);  // what finds it: its name, else its id
const Environment* environment_of(const Rules& rules,
                                  const Account& account);  // nullptr: unclassified
const Team* team_of(const Rules& rules, const Account& account);

// Where the account's cards go: its own channel, else its team's, else [slack] channel; what cannot
// be resolved is replaced by operators_channel. Empty only when not even that is resolved.
SlackChannel channel_of(const Rules& rules, const Account& account);

// "*" any run, "?" one character; the whole value must match.
bool glob_matches(std::string_view glob, std::string_view value);

}  // namespace ringi::access
