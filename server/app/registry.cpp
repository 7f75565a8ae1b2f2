#include "server/app/registry.hpp"

#include "handlers/desk/account_changes.hpp"
#include "server/config/rules.hpp"

#include <utility>

namespace ringi::app {
namespace {

using access::AccountChange;
using access::KnownAccount;

store::AccountWrite write_of(AccountChange change) {
  auto entry = desk::entry_of(change);
  auto chores = desk::chores_of(change);
  return {std::move(change.before), std::move(change.after), std::move(entry), std::move(chores)};
}

// Whatever is known while nobody could say yet which accounts there are: none of it is gone.
std::vector<access::ListedAccount> as_listed(const std::vector<KnownAccount>& known,
                                             const access::TagKeys& tags) {
  std::vector<access::ListedAccount> listed;
  for (const auto& row : known) {
    const auto& environment = row.move.empty() ? row.environment : row.to;
    if (row.listed && !row.gone)
      listed.push_back(
          {row.id,
           row.name,
           {{tags.team, row.team}, {tags.environment, environment}, {tags.channel, row.channel}}});
  }
  return listed;
}

}  // namespace

Registry::Registry(World& world, Rows& rows, const aws::OrganizationWatch& organization,
                   std::function<void()> news)
    : world_(world), rows_(rows.accounts), organization_(organization), news_(std::move(news)) {}

Task<Result<Registry::Draft>> Registry::draft(const config::Config& config) {
  auto known = co_await rows_.all();
  if (known.has_error()) co_return known.error();
  const auto& listing = organization_.listing();
  const bool unlisted = config.organization.discover && !listing;
  auto wanted =
      config::accounts_of(config, unlisted  ? as_listed(*known, config.organization.facts.tags)
                                  : listing ? listing->accounts
                                            : std::vector<access::ListedAccount>{});
  Draft draft{access::in_force(std::move(wanted), *known, config::environments_of(config),
                               [this] { return world_.ids.next(); }),
              known->empty() && !listing};
  moves_ = draft.in_force.waiting.size();
  co_return draft;
}

Task<Result<void>> Registry::keep(std::vector<AccountChange> changes) {
  std::vector<store::AccountWrite> writes;
  for (auto& change : changes) writes.push_back(write_of(std::move(change)));
  Result<void> kept;
  if (!writes.empty()) kept = co_await rows_.keep(std::move(writes));
  co_return kept;
}

Task<Result<std::optional<KnownAccount>>> Registry::waiting(OpaqueId move) {
  return rows_.waiting(std::move(move));
}

Task<Result<bool>> Registry::agree(OpaqueId move, ports::Entry entry) {
  auto account = co_await waiting(move);
  if (account.has_error()) co_return account.error();
  if (!*account) co_return false;
  auto card = desk::card_of(**account, desk::MoveState::agreed);
  if (entry.actor) card.by = entry.actor->user;
  store::AccountWrite write{*account,
                            access::moved(**account, world_.rules.rules()->environments),
                            std::move(entry),
                            {desk::chore_of(card)}};
  auto done = co_await rows_.settle(std::move(move), std::move(write));
  if (done.has_error() || *done) news_();  // an error may be that of an answer alone
  co_return done;
}

ports::Accounts::Listing Registry::listing() const {
  const auto& listing = organization_.listing();
  return {organization_.discovers(), listing ? std::optional{listing->as_of} : std::nullopt,
          moves_};
}

}  // namespace ringi::app
