// How the accounts that AWS Organizations lists come into force while the server runs.
#include "handlers/desk/account_changes.hpp"
#include "handlers/message/english_operators.hpp"
#include "server/app/server.hpp"
#include "server/aws/organization/list_accounts.hpp"
#include "server/observe/logger.hpp"
#include "server/runtime/timers.hpp"

#include <algorithm>
#include <utility>

namespace ringi::app {
namespace {

bool is_unclassified(const access::Rules& rules, const access::Account& account) {
  return access::environment_of(rules, account) == nullptr;
}

void count_accounts(observe::Metrics& metrics, const access::Rules& rules) {
  const auto unclassified = std::ranges::count_if(
      rules.accounts, [&rules](const auto& account) { return is_unclassified(rules, account); });
  const auto all = static_cast<double>(rules.accounts.size());
  metrics.gauge("ringi_accounts", all - static_cast<double>(unclassified),
                {{"state", "classified"}});
  metrics.gauge("ringi_accounts", static_cast<double>(unclassified), {{"state", "unclassified"}});
}

}  // namespace

aws::OrganizationWatch::Parts Server::organization_parts() {
  auto list = [this](std::vector<std::string> exclude) {
    aws::OrganizationReader reader{.client = aws_.client,
                                   .clock = world_.clock,
                                   .session = aws_.base,
                                   .region = settings_.config.aws.region,
                                   .log = world_.log,
                                   .sleep = runtime::sleep_for};
    return aws::list_accounts(std::move(reader), std::move(exclude));
  };
  return {.list = std::move(list),
          .copies = rows_.copies,
          .clock = world_.clock,
          .metrics = world_.metrics,
          .log = world_.log,
          .away =
              [this](const Error& why, std::optional<Time> as_of) {
                return tell_operators(world_, slack_.voice,
                                      message::english::organization_away(why, as_of));
              },
          .back =
              [this] {
                return tell_operators(world_, slack_.voice, message::english::organization_back());
              },
          .news = [this] { look_at_accounts(); }};
}

// keep_current() drafts them: one hand alone changes what is in force.
void Server::look_at_accounts() {
  accounts_changed_ = true;
  news_.ring();
}

Task<Result<Server::Drafted>> Server::draft_rules(Ask ask) {
  auto draft = co_await registry_.draft(settings_.config);
  if (draft.has_error()) co_return draft.error();
  auto resolved =
      co_await resolved_rules(settings_, std::move(draft->accounts), slack_, rows_, ask);
  if (resolved.has_error()) co_return resolved.error();
  const auto kept = co_await registry_.keep(draft->changes);
  if (kept.has_error()) co_return kept.error();
  co_return Drafted{std::move(resolved).value(), std::move(draft->changes)};
}

// What was written before; the cards of moves are chores of that commit.
Task<> Server::put_in_force(const ResolvedRules& resolved,
                            std::vector<access::AccountChange> changes) {
  unresolved_ = resolved.unresolved;
  count_accounts(world_.metrics, resolved.rules);
  world_.rules.replace(resolved.rules);
  auto news = desk::news_of(changes, resolved.rules.environments);
  if (news && registry_.had_none()) {
    world_.log->info("accounts: {}", news->mrkdwn());
  } else if (news) {
    co_await tell_operators(world_, slack_.voice, *std::move(news));
  }
  if (resolved.asked) co_await tell_of_unclassified();
}

Task<> Server::tell_of_unclassified() {
  const auto rules = world_.rules.rules();
  std::set<std::string> accounts;
  for (const auto& account : rules->accounts) {
    if (!is_unclassified(*rules, account)) continue;
    const auto& id = account.id.str();
    accounts.insert(account.name == id ? id : account.name + " (" + id + ")");
  }
  co_await tell_of_fresh(std::move(accounts), unclassified_, "ringi knows no environment of ",
                         ". No rule matches such an account and nobody can do anything there until"
                         " the configuration, or a tag of the account, names its environment.");
}

}  // namespace ringi::app
