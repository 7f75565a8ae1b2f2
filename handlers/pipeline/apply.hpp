#pragma once

#include "handlers/pipeline/refresh.hpp"
#include "handlers/ports/slack.hpp"

namespace ringi::pipeline {

// Tells AWS what the ledger decided: once, and again with the same bytes only where the state says
// that it did not arrive (contract section 3).
class Apply {
 public:
  Apply(PipelineClient& client, ports::Deployments& deployments, ports::Slack& slack,
        Refresh& refresh, ports::Jobs& jobs, ports::CurrentRules& rules, ports::Clock& clock)
      : client_(client),
        deployments_(deployments),
        slack_(slack),
        refresh_(refresh),
        jobs_(jobs),
        rules_(rules),
        clock_(clock) {}

  Task<Result<void>> run(Delivery delivery, OpaqueId approval);

 private:
  Task<Result<void>> send(Delivery delivery, Site site, ports::Approval row, Reading before);
  Task<Result<void>> after_loss(Delivery delivery, Site site, ports::Approval row, Error lost);
  Task<Result<void>> found_ended(Delivery delivery, Site site, ports::Approval row,
                                 Reading reading);
  Task<Result<void>> give_up(Delivery delivery, Site site, ports::Approval row, Reading reading,
                             std::string code, message::Message answer);
  Task<Result<void>> close(Delivery delivery, ports::Approval row, ports::Approval::State state,
                           ports::Entry entry, std::optional<message::Message> answer);
  Task<Result<void>> later(Delivery delivery, ports::Approval row, Error error);

  PipelineClient& client_;
  ports::Deployments& deployments_;
  ports::Slack& slack_;
  Refresh& refresh_;
  ports::Jobs& jobs_;
  ports::CurrentRules& rules_;
  ports::Clock& clock_;
};

}  // namespace ringi::pipeline
