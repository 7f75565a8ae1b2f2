#include "handlers/desk/account_changes.hpp"

#include "handlers/message/english_accounts.hpp"
#include "handlers/pipeline/parse.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace ringi::desk {
namespace {

using access::AccountChange;
using access::KnownAccount;
using nlohmann::json;
using pipeline::text_at;

namespace english = message::english;

constexpr std::array<std::pair<MoveState, std::string_view>, 3> states{
    {{MoveState::asks, "asks"}, {MoveState::agreed, "agreed"}, {MoveState::dropped, "dropped"}}};

std::string_view name_of(MoveState state) {
  return std::ranges::find(states, state, &decltype(states)::value_type::first)->second;
}

message::Place place_of(const KnownAccount& account, const access::Environments& environments) {
  const auto found = environments.find(account.environment);
  const bool known = found != environments.end();
  return {.account_name = account.name,
          .account = account.id,
          .environment = known ? account.environment : "",
          .production = known && found->second.production};
}

// What was said of it before, where that is not what is said now.
std::map<std::string, std::string> differences(const KnownAccount& before,
                                               const KnownAccount& after) {
  std::map<std::string, std::string> were;
  const auto compare = [&were](const char* what, const std::string& was, const std::string& is) {
    if (was != is) were.emplace(what, was.empty() ? "none" : was);
  };
  compare("name_before", before.name, after.name);
  compare("environment_before", before.environment, after.environment);
  compare("team_before", before.team, after.team);
  compare("channel_before", before.channel, after.channel);
  compare("realm_before", before.realm, after.realm);
  return were;
}

ports::Entry entry_about(const KnownAccount& account, std::string kind) {
  ports::Entry entry{.kind = std::move(kind)};
  entry.target = ports::Subject{
      .account = account.id, .account_name = account.name, .environment = account.environment};
  if (!account.team.empty()) entry.details["team"] = account.team;
  if (!account.channel.empty()) entry.details["channel"] = account.channel;
  return entry;
}

}  // namespace

std::optional<ports::Entry> entry_of(const AccountChange& change) {
  const auto kind = access::kind_of(change);
  if (kind.empty()) return std::nullopt;
  auto entry = entry_about(change.after, std::string{kind});
  if (kind == "account.changed") entry.details.merge(differences(*change.before, change.after));
  return entry;
}

ports::Entry entry_of_move(const KnownAccount& account) {
  auto entry = entry_about(account, "account.changed");
  entry.target->environment = account.to;
  entry.details["environment_before"] = account.environment;
  entry.once = once_of_move(account.move);
  return entry;
}

std::string once_of_move(const OpaqueId& move) {
  return "account.move:" + move.str();
}

std::optional<message::Text> news_of(const std::vector<AccountChange>& changes,
                                     const access::Environments& environments) {
  english::AccountNews news;
  for (const auto& change : changes) {
    const auto kind = access::kind_of(change);
    const auto place = place_of(change.after, environments);
    if (kind == "account.added") news.added.push_back(place);
    if (kind == "account.removed") news.removed.push_back(place);
    if (kind == "account.changed")
      news.changed.emplace_back(place, differences(*change.before, change.after));
  }
  if (news.added.empty() && news.removed.empty() && news.changed.empty()) return std::nullopt;
  return english::account_news(news);
}

MoveCard card_of(const KnownAccount& account, MoveState state) {
  return {.move = account.move,
          .account = account.id,
          .name = account.name,
          .from = account.environment,
          .to = account.to,
          .state = state};
}

Chore chore_of(const MoveCard& card) {
  const std::string state{name_of(card.state)};
  const json payload{{"v", 1},
                     {"move", card.move.str()},
                     {"account", card.account.str()},
                     {"name", card.name},
                     {"from", card.from},
                     {"to", card.to},
                     {"state", state},
                     {"by", card.by.str()}};
  return {chore::move, card.move.str() + " " + state, payload.dump()};
}

std::optional<MoveCard> move_card_of(const Chore& chore) {
  const auto payload = json::parse(chore.payload, nullptr, false);
  if (!payload.is_object()) return std::nullopt;
  const auto move = OpaqueId::parse(text_at(payload, "move"));
  const auto account = AccountId::parse(text_at(payload, "account"));
  const auto state =
      std::ranges::find(states, text_at(payload, "state"), &decltype(states)::value_type::second);
  if (!move || !account || state == states.end()) return std::nullopt;
  return MoveCard{.move = *move,
                  .account = *account,
                  .name = text_at(payload, "name"),
                  .from = text_at(payload, "from"),
                  .to = text_at(payload, "to"),
                  .state = state->first,
                  .by = SlackUser::parse(text_at(payload, "by")).value_or(SlackUser{})};
}

std::vector<Chore> chores_of(const AccountChange& change) {
  std::vector<Chore> chores;
  if (access::drops_move(change))
    chores.push_back(chore_of(card_of(*change.before, MoveState::dropped)));
  if (access::asks_for_move(change))
    chores.push_back(chore_of(card_of(change.after, MoveState::asks)));
  return chores;
}

}  // namespace ringi::desk
