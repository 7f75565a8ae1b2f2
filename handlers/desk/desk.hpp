#pragma once

#include "handlers/desk/rights.hpp"
#include "handlers/message/text.hpp"
#include "handlers/ports/accounts.hpp"
#include "handlers/ports/deployments.hpp"
#include "handlers/ports/jobs.hpp"
#include "handlers/ports/ledger.hpp"
#include "handlers/ports/rules.hpp"
#include "handlers/ports/slack.hpp"

namespace ringi::desk {

// /ringi: what one may do; what happened, and who did it.
class Desk {
 public:
  Desk(permission::Gate& gate, ports::Directory& directory, ports::Ledger& ledger,
       ports::Deployments& deployments, ports::Jobs& jobs, ports::Accounts& accounts,
       ports::Slack& slack, ports::CurrentRules& rules)
      : gate_(gate),
        rights_(gate),
        directory_(directory),
        ledger_(ledger),
        deployments_(deployments),
        jobs_(jobs),
        accounts_(accounts),
        slack_(slack),
        rules_(rules) {}

  using Words = std::vector<std::string>;
  Task<Result<void>> help(Command command);
  Task<Result<void>> whoami(Command command);
  Task<Result<void>> audit(Delivery delivery, Command command, Words words);
  Task<Result<void>> status(Command command);

 private:
  using RulesPtr = std::shared_ptr<const access::Rules>;
  Task<Result<bool>> may_audit(RulesPtr rules, const Command& command);
  Task<Result<std::vector<message::Text>>> rights_of(RulesPtr rules, const Command& command);
  Task<Result<void>> refuse_audit(Delivery delivery, Command command, access::Decision decision);
  Task<Result<void>> tell(const Command& command, message::Message answer);

  permission::Gate& gate_;
  Rights rights_;
  ports::Directory& directory_;
  ports::Ledger& ledger_;
  ports::Deployments& deployments_;
  ports::Jobs& jobs_;
  ports::Accounts& accounts_;
  ports::Slack& slack_;
  ports::CurrentRules& rules_;
};

}  // namespace ringi::desk
