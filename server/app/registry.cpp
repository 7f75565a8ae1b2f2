#include "server/app/registry.hpp"

#include "handlers/desk/account_changes.hpp"
#include "server/config/rules.hpp"

#include <algorithm>
#include <utility>

namespace ringi::app {
namespace {

using access::AccountChange;
using access::KnownAccount;

store::AccountWrite write_of(AccountChange change) {
  auto entry = desk::entry_of(change);
  auto chores = desk::chores_of(change);
  return {std::move(change.after), std::move(entry), std::move(chores)};
}

}  // namespace

Registry::Registry(World& world, Rows& rows, const aws::OrganizationWatch& organization,
                   std::function<void()> news)
    : world_(world), rows_(rows.accounts), organization_(organization), news_(std::move(news)) {}

Task<Result<access::InForce>> Registry::draft(const config::Config& config) {
  auto known = co_await rows_.all();
  if (known.has_error()) co_return known.error();
  const auto& listing = organization_.listing();
  had_none_ = known->empty() && !listing;
  auto wanted = config::accounts_of(
      config, listing ? listing->accounts : std::vector<access::ListedAccount>{});
  co_return access::in_force(std::move(wanted), *known, config::environments_of(config),
                             [this] { return world_.ids.next(); });
}

Task<Result<void>> Registry::keep(std::vector<AccountChange> changes) {
  std::vector<store::AccountWrite> writes;
  for (auto& change : changes) writes.push_back(write_of(std::move(change)));
  auto kept = co_await rows_.keep(std::move(writes));
  co_return kept;
}

Task<Result<std::optional<KnownAccount>>> Registry::waiting(OpaqueId move) {
  auto known = co_await rows_.all();
  if (known.has_error()) co_return known.error();
  const auto found = std::ranges::find(*known, move, &KnownAccount::move);
  if (found == known->end()) co_return std::optional<KnownAccount>{};
  co_return std::optional{*found};
}

Task<Result<bool>> Registry::agree(OpaqueId move, ports::Entry entry) {
  auto account = co_await waiting(move);
  if (account.has_error()) co_return account.error();
  if (!*account) co_return false;
  auto card = desk::card_of(**account, desk::MoveState::agreed);
  if (entry.actor) card.by = entry.actor->user;
  store::AccountWrite write{access::moved(**account, world_.rules.rules()->environments),
                            std::move(entry),
                            {desk::chore_of(card)}};
  auto done = co_await rows_.settle(std::move(move), std::move(write));
  if (done.has_value() && *done) news_();
  co_return done;
}

ports::Accounts::Listing Registry::listing() const {
  const auto& listing = organization_.listing();
  return {organization_.discovers(), listing ? std::optional{listing->as_of} : std::nullopt};
}

}  // namespace ringi::app
