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

}  // namespace

Registry::Registry(World& world, Rows& rows, const aws::OrganizationWatch& organization,
                   std::function<void()> news)
    : world_(world), rows_(rows.accounts), organization_(organization), news_(std::move(news)) {}

Task<Result<Registry::Draft>> Registry::draft(const config::Config& config) {
  auto known = co_await rows_.all();
  if (known.has_error()) co_return known.error();
  const auto& listing = organization_.listing();
  co_return Draft{config::in_force(config, listing ? &listing->said : nullptr, *known,
                                   [this] { return world_.ids.next(); }),
                  known->empty() && !listing};
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
          moves_.size()};
}

}  // namespace ringi::app
