#pragma once

#include "handlers/permission/gate.hpp"
#include "handlers/pipeline/pipeline_client.hpp"
#include "handlers/pipeline/place.hpp"
#include "handlers/ports/deployments.hpp"
#include "handlers/ports/rules.hpp"
#include "handlers/ports/slack.hpp"

namespace ringi::pipeline {

// Fills the forms that the session opened at once, before anything was known of what they are
// about. Nothing is decided here: a form that is sent is checked by Decide.
class Forms {
 public:
  Forms(PipelineClient& client, permission::Gate& gate, ports::Deployments& deployments,
        ports::Slack& slack, ports::CurrentRules& rules)
      : client_(client), gate_(gate), deployments_(deployments), slack_(slack), rules_(rules) {}

  // What Approve or Reject with a reason decides on: pipeline, account, region, revision.
  Task<Result<void>> decision(Click click, ports::Approval::Verdict verdict);
  // The revisions of this execution beside those of the last that succeeded.
  Task<Result<void>> changes(Click click);

 private:
  using RulesPtr = std::shared_ptr<const access::Rules>;

  Task<Result<std::optional<ports::Approval>>> row_of(const Click& click);
  Task<Result<bool>> may_read(RulesPtr rules, Site site, PipelineRef ref, Click click);
  Task<Result<message::View>> changes_of(Site site, ExecutionRef ref);
  Task<Result<void>> fill(Click click, message::View view);

  PipelineClient& client_;
  permission::Gate& gate_;
  ports::Deployments& deployments_;
  ports::Slack& slack_;
  ports::CurrentRules& rules_;
};

}  // namespace ringi::pipeline
