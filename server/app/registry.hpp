#pragma once

#include "handlers/ports/accounts.hpp"
#include "server/app/world.hpp"
#include "server/aws/organization/organization.hpp"
#include "server/store/account_rows.hpp"

namespace ringi::app {

// The accounts in force: what configuration and tags say, as far as no move of it waits for an
// operator.
class Registry final : public ports::Accounts {
 public:
  // `news`: an operator agreed to a move, so the accounts are to be drafted anew.
  Registry(World& world, Rows& rows, const aws::OrganizationWatch& organization,
           std::function<void()> news);

  // What would be in force with this configuration. Nothing is written: a reload may still be
  // refused.
  struct Draft {
    access::InForce in_force;
    bool first = false;  // no account was ever known, and none was looked for: all are new
  };
  Task<Result<Draft>> draft(const config::Config& config);
  // Rows, ledger entries and cards of the changes, or nothing. Errc::conflict: an operator agreed
  // to a move since the draft.
  Task<Result<void>> keep(std::vector<access::AccountChange> changes);
  // The moves that wait as of the draft that is in force.
  void note_moves(std::vector<access::KnownAccount> moves) { moves_ = std::move(moves); }
  const std::vector<access::KnownAccount>& moves() const { return moves_; }

  Task<Result<std::optional<access::KnownAccount>>> waiting(OpaqueId move) override;
  Task<Result<bool>> agree(OpaqueId move, ports::Entry entry) override;
  Listing listing() const override;

 private:
  World& world_;
  store::AccountRows& rows_;
  const aws::OrganizationWatch& organization_;
  std::function<void()> news_;
  std::vector<access::KnownAccount> moves_;
};

}  // namespace ringi::app
