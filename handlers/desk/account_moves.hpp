#pragma once

#include "handlers/desk/account_changes.hpp"
#include "handlers/permission/gate.hpp"
#include "handlers/ports/accounts.hpp"
#include "handlers/ports/cards.hpp"
#include "handlers/ports/rules.hpp"

namespace ringi::desk {

// Moves of accounts out of production or into another realm: the card in the operators' channel and
// its button.
class AccountMoves {
 public:
  AccountMoves(permission::Gate& gate, ports::Accounts& accounts, ports::Ledger& ledger,
               ports::Cards& cards, ports::Slack& slack, ports::CurrentRules& rules)
      : gate_(gate),
        accounts_(accounts),
        ledger_(ledger),
        cards_(cards),
        slack_(slack),
        rules_(rules) {}

  Task<Result<void>> show(MoveCard card);
  Task<Result<void>> agreed(Delivery delivery, Click click);

 private:
  // The answer: done, or no longer to be done.
  Task<Result<message::Message>> carried_out(const access::Rules& rules, const Delivery& delivery,
                                             const Click& click, std::vector<std::string> because);
  Task<Result<void>> refuse(Delivery delivery, Click click, access::Question question,
                            access::Decision decision);

  permission::Gate& gate_;
  ports::Accounts& accounts_;
  ports::Ledger& ledger_;
  ports::Cards& cards_;
  ports::Slack& slack_;
  ports::CurrentRules& rules_;
};

}  // namespace ringi::desk
