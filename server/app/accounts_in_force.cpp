// How the accounts that AWS Organizations lists come into force while the server runs.
#include "handlers/desk/account_changes.hpp"
#include "server/app/server.hpp"
#include "server/observe/logger.hpp"

#include <algorithm>
#include <utility>

namespace ringi::app {
namespace {

bool is_unclassified(const access::Rules& rules, const access::Account& account) {
  return access::environment_of(rules, account) == nullptr;
}

std::string named(const access::Account& account) {
  const auto& id = account.id.str();
  return account.name == id ? id : account.name + " (" + id + ")";
}

void count_accounts(observe::Metrics& metrics, const access::Rules& rules, std::size_t moves) {
  const auto unclassified = std::ranges::count_if(
      rules.accounts, [&rules](const auto& account) { return is_unclassified(rules, account); });
  const auto all = static_cast<double>(rules.accounts.size());
  metrics.gauge("ringi_accounts", all - static_cast<double>(unclassified),
                {{"state", "classified"}});
  metrics.gauge("ringi_accounts", static_cast<double>(unclassified), {{"state", "unclassified"}});
  metrics.gauge("ringi_account_moves_waiting", static_cast<double>(moves));
}

}  // namespace

// keep_current() drafts them: one hand alone changes what is in force.
void Server::look_at_accounts() {
  accounts_changed_ = true;
  news_.ring();
}

Task<Result<Server::Drafted>> Server::draft_rules(Ask ask) {
  auto draft = co_await registry_.draft(settings_.config);
  if (draft.has_error()) co_return draft.error();
  auto resolved = co_await resolved_rules(settings_, draft->in_force.accounts, slack_, rows_, ask);
  if (resolved.has_error()) co_return resolved.error();
  const auto kept = co_await registry_.keep(draft->in_force.changes);
  if (kept.has_error()) co_return kept.error();
  co_return Drafted{std::move(resolved).value(), std::move(draft).value()};
}

// What was written before. Nothing is waited for: who hears of it comes after, in
// tell_of_accounts().
void Server::put_in_force(const Drafted& drafted) {
  const auto& [resolved, draft] = drafted;
  unresolved_ = resolved.unresolved;
  count_accounts(world_.metrics, resolved.rules, draft.in_force.waiting.size());
  auto news = desk::news_of(draft.in_force.changes, resolved.rules.environments);
  if (news && draft.first) {
    world_.log->info("accounts: {}", news->mrkdwn());
  } else if (news) {
    account_news_.push_back(*std::move(news));
  }
  registry_.note_moves(draft.in_force.waiting);
  world_.rules.replace(resolved.rules);
}

// Not before it is known which accounts there are: their topics would be strangers'.
Task<> Server::poll_queues() {
  const bool known = !organization_.discovers() || organization_.listing();
  auto queues = known ? settings_.config.aws.queues : std::vector<config::Queue>{};
  co_await queues_.configure(std::move(queues));
}

// The cards of moves are asked for again and again: what Slack has lost, or never got, is posted
// anew, and one that stands is left alone.
Task<> Server::tell_of_accounts() {
  for (const auto& account : registry_.moves()) {
    auto chore = desk::chore_of(desk::card_of(account, desk::MoveState::asks));
    const auto queued = co_await rows_.jobs.enqueue(std::move(chore), world_.clock.now());
    if (queued.has_error()) break;
  }
  while (!account_news_.empty()) {
    co_await tell_operators(world_, slack_.voice, account_news_.front());
    account_news_.erase(account_news_.begin());
  }
  const auto rules = world_.rules.rules();
  std::set<std::string> unclassified, without_team;
  for (const auto& account : rules->accounts) {
    if (is_unclassified(*rules, account)) unclassified.insert(named(account));
    if (!account.team.empty() && access::team_of(*rules, account) == nullptr)
      without_team.insert(named(account) + " (" + account.team + ")");
  }
  co_await tell_of_fresh(std::move(unclassified), unclassified_, "ringi knows no environment of ",
                         ". No rule matches such an account and nobody can do anything there until"
                         " the configuration, or a tag of the account, names its environment.");
  co_await tell_of_fresh(std::move(without_team), without_team_, "ringi knows no such team: ",
                         ". What rules say of a team's people holds for nobody there until"
                         " [teams] has it, or the account's tag names another.");
}

}  // namespace ringi::app
