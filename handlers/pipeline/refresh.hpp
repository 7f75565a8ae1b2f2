#pragma once

#include "handlers/permission/gate.hpp"
#include "handlers/pipeline/board.hpp"
#include "handlers/pipeline/gone.hpp"
#include "handlers/pipeline/pipeline_client.hpp"
#include "handlers/pipeline/settle.hpp"
#include "handlers/pipeline/timeouts.hpp"
#include "handlers/ports/jobs.hpp"
#include "handlers/ports/rules.hpp"

namespace ringi::pipeline {

// Whether an execution that ringi did not start gets a card ([environments] cards, contract section
// 5).
bool wants_card(access::Cards cards, const Reading& reading, Time now);

// Draws the card of one execution from AWS alone, and keeps rows, ledger and thread in line with
// it. Runs again by itself until the execution has ended.
class Refresh {
 public:
  Refresh(PipelineClient& client, ports::Deployments& deployments, ports::Ledger& ledger,
          Board& board, Settle& settle, Gone& gone, Timeouts& timeouts, permission::Gate& gate,
          ports::Jobs& jobs, ports::CurrentRules& rules, ports::Clock& clock)
      : client_(client),
        deployments_(deployments),
        ledger_(ledger),
        board_(board),
        settle_(settle),
        gone_(gone),
        timeouts_(timeouts),
        gate_(gate),
        jobs_(jobs),
        rules_(rules),
        clock_(clock) {}

  Task<Result<void>> run(ExecutionRef ref);

 private:
  using RulesPtr = std::shared_ptr<const access::Rules>;
  Task<Result<std::optional<ports::Execution>>> followed(const access::Rules& rules,
                                                         const Site& site, const Reading& reading);
  Task<Result<ports::Execution>> follow_found(const access::Rules& rules, const Site& site,
                                              const Reading& reading);
  Task<Result<void>> show(RulesPtr rules, const Site& site, const Reading& reading,
                          const ports::Execution& row,
                          const std::vector<ports::Approval>& approvals);
  Task<bool> anyone_left(RulesPtr rules, const Site& site, const Reading& reading,
                         SlackUser starter);
  Task<Result<void>> tell_approvals(const access::Rules& rules, const Site& site,
                                    const Reading& reading,
                                    const std::vector<ports::Approval>& approvals);
  Task<Result<void>> end(const Site& site, const Reading& reading, const ports::Execution& row,
                         SlackUser starter, const std::vector<ports::Approval>& approvals);
  Task<Result<void>> bring_up_to_date(RulesPtr rules, const Site& site, const Reading& reading,
                                      const ports::Execution& row);
  Task<Result<void>> again(ExecutionRef ref, Duration after);

  PipelineClient& client_;
  ports::Deployments& deployments_;
  ports::Ledger& ledger_;
  Board& board_;
  Settle& settle_;
  Gone& gone_;
  Timeouts& timeouts_;
  permission::Gate& gate_;
  ports::Jobs& jobs_;
  ports::CurrentRules& rules_;
  ports::Clock& clock_;
};

}  // namespace ringi::pipeline
