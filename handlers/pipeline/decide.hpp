#pragma once

#include "handlers/permission/gate.hpp"
#include "handlers/pipeline/pipeline_client.hpp"
#include "handlers/pipeline/place.hpp"
#include "handlers/ports/cards.hpp"
#include "handlers/ports/clock.hpp"
#include "handlers/ports/deployments.hpp"
#include "handlers/ports/jobs.hpp"
#include "handlers/ports/rules.hpp"
#include "handlers/ports/slack.hpp"

namespace ringi::pipeline {

// Approve and Reject: who may, then one compare-and-set with its ledger entry. AWS is told by
// Apply.
class Decide {
 public:
  Decide(PipelineClient& client, permission::Gate& gate, ports::Deployments& deployments,
         ports::Ledger& ledger, ports::Cards& cards, ports::Slack& slack, ports::Jobs& jobs,
         ports::CurrentRules& rules, ports::Clock& clock)
      : client_(client),
        gate_(gate),
        deployments_(deployments),
        ledger_(ledger),
        cards_(cards),
        slack_(slack),
        jobs_(jobs),
        rules_(rules),
        clock_(clock) {}

  Task<Result<void>> clicked(Delivery delivery, Click click, ports::Approval::Verdict verdict);
  Task<Result<void>> submitted(Delivery delivery, Submission form,
                               ports::Approval::Verdict verdict);
  // The ledger holds the decision that this request asked for.
  Task<Result<bool>> holds(OpaqueId request);

 private:
  struct Vote {
    Caller caller;
    Via via;
    std::string value;  // the approval's id, as the button bore it
    ports::Approval::Verdict verdict;
    std::string reason;
    std::string request;
    bool is_approval() const { return verdict == ports::Approval::Verdict::approved; }
  };
  using RulesPtr = std::shared_ptr<const access::Rules>;

  Task<Result<void>> vote(Vote vote);
  Task<Result<void>> weigh(RulesPtr rules, Site site, ports::Approval row, Vote vote);
  Task<Result<void>> settle(Site site, ports::Approval row, Vote vote, Reading reading,
                            access::Decision decision);
  Task<Result<void>> stale(ports::Approval row, Vote vote, const Reading& reading);
  Task<Result<void>> refuse(RulesPtr rules, Site site, ports::Approval row, Vote vote,
                            access::Decision decision);
  Task<Result<void>> refuse_own(RulesPtr rules, Site site, ports::Approval row, Vote vote);
  Task<Result<void>> observe(Site site, Vote vote, ports::Entry entry);
  Task<Result<void>> deny(Site site, ports::Approval row, Vote vote, std::string reason,
                          std::vector<std::string> because, message::Message answer);
  Task<Result<void>> tell(const Vote& vote, message::Message answer);
  Task<void> remove_unknown_copy(const ports::Approval& row, const Via& via);

  PipelineClient& client_;
  permission::Gate& gate_;
  ports::Deployments& deployments_;
  ports::Ledger& ledger_;
  ports::Cards& cards_;
  ports::Slack& slack_;
  ports::Jobs& jobs_;
  ports::CurrentRules& rules_;
  ports::Clock& clock_;
};

}  // namespace ringi::pipeline
