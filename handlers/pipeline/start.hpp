#pragma once

#include "handlers/message/english.hpp"
#include "handlers/permission/gate.hpp"
#include "handlers/pipeline/refresh.hpp"
#include "handlers/pipeline/resolve.hpp"
#include "handlers/pipeline/words.hpp"

namespace ringi::pipeline {

// What the ledger says of the start that a delivery intended.
enum class Begun { nothing, open, done };  // open: AWS may have begun it

// What makes the effects of one confirming button happen once.
std::string confirmed_key(const OpaqueId& confirmation);

// Why a confirmation that was not taken, or whose words nobody can read, does nothing.
message::english::DeadButton dead_button(ports::Deployments::Taken taken);

// /deploy start: permission, the confirming button on production, StartPipelineExecution once, the
// card.
class Start {
 public:
  Start(PipelineClient& client, Resolver& resolver, permission::Gate& gate,
        ports::Deployments& deployments, ports::Ledger& ledger, ports::Cards& cards,
        ports::Slack& slack, Refresh& refresh, ports::Jobs& jobs, ports::CurrentRules& rules,
        ports::Clock& clock, ports::Ids& ids)
      : client_(client),
        resolver_(resolver),
        gate_(gate),
        deployments_(deployments),
        ledger_(ledger),
        cards_(cards),
        slack_(slack),
        refresh_(refresh),
        jobs_(jobs),
        rules_(rules),
        clock_(clock),
        ids_(ids) {}

  // `words`: what follows "start".
  Task<Result<void>> command(Delivery delivery, Command command, std::vector<std::string> words);
  Task<Result<void>> confirmed(Delivery delivery,
                               Click click);  // start.confirm: production, said yes
  Task<Result<void>> chosen(Delivery delivery,
                            Click click);  // start.choose: one of several candidates

  Task<Result<Begun>> begun(Delivery delivery);
  // Nothing more will be done for this delivery: a start that is open is closed as failed. The
  // answer is what it was before.
  Task<Result<Begun>> abandon(Delivery delivery, std::string why);

 private:
  enum class Confirmed { no, yes };
  // One start from here on; `key` makes its effects happen once.
  struct Order {
    std::string key;
    Caller caller;
    Via via;
    PipelineRef ref;
    StartWords words;
    std::string request;
    bool certain = true;  // false: another pipeline may have been meant
  };
  using RulesPtr = std::shared_ptr<const access::Rules>;

  Task<Result<void>> carry_out(Delivery delivery, Order order, Confirmed confirmed);
  Task<Result<void>> taken(Delivery delivery, Click click, Confirmed confirmed);
  Task<Result<void>> refuse(RulesPtr rules, Order order, access::Question question,
                            access::Decision decision);
  Task<Result<void>> ask(Site site, Order order, OpaqueId id);
  Task<Result<void>> offer(RulesPtr rules, Candidates candidates, StartWords words, Caller caller,
                           Via via);
  Task<Result<void>> launch(RulesPtr rules, Order order, access::Decision decision);
  Task<Result<ExecutionId>> start_once(RulesPtr rules, Site site, Order order, ports::Seq intended);
  struct Trace {
    Begun begun = Begun::nothing;
    std::string key;
    ports::Seq intended = 0;
  };
  Task<Result<Trace>> trace(std::string key);
  Task<Result<Trace>> trace_of(Delivery delivery);
  Task<Result<void>> follow(Order order, ExecutionRef ref, ports::Seq first_entry);
  Task<Result<void>> tell_started(Site site, Order order, ExecutionRef ref);

  PipelineClient& client_;
  Resolver& resolver_;
  permission::Gate& gate_;
  ports::Deployments& deployments_;
  ports::Ledger& ledger_;
  ports::Cards& cards_;
  ports::Slack& slack_;
  Refresh& refresh_;
  ports::Jobs& jobs_;
  ports::CurrentRules& rules_;
  ports::Clock& clock_;
  ports::Ids& ids_;
};

}  // namespace ringi::pipeline
