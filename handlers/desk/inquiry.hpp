#pragma once

#include "handlers/message/english_desk.hpp"
#include "handlers/pipeline/place.hpp"
#include "handlers/pipeline/resolve.hpp"
#include "handlers/ports/deployments.hpp"
#include "handlers/ports/rules.hpp"

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace ringi::desk {

// `/ringi why` and `/ringi who`: what the rules say of one action on one pipeline.
class Inquiry {
 public:
  Inquiry(permission::Gate& gate, pipeline::Resolver& resolver, pipeline::PipelineClient& client,
          ports::Deployments& deployments, ports::Slack& slack, ports::CurrentRules& rules)
      : gate_(gate),
        resolver_(resolver),
        client_(client),
        deployments_(deployments),
        slack_(slack),
        rules_(rules) {}

  using Words = std::vector<std::string>;
  Task<Result<void>> why(Command command, Words words);
  Task<Result<void>> who(Command command, Words words);

 private:
  using RulesPtr = std::shared_ptr<const access::Rules>;
  struct Asked {
    access::Question question;
    pipeline::Site site;
    bool in_region = false;  // the region was named too
  };
  // The question, or the answer that says what is wrong with it.
  using Understood = std::variant<Asked, message::Message>;
  Task<Result<Understood>> understood(RulesPtr rules, Command command, Words words,
                                      std::string usage);
  Task<Result<Understood>> looked_up(RulesPtr rules, Command command, std::string target,
                                     access::Action action, std::string again);
  Task<Result<message::Message>> allowed(RulesPtr rules, SlackUser user, Asked asked,
                                         std::string reason);
  // Executions that wait for approval there and that this person started.
  Task<Result<std::vector<ExecutionId>>> own_waiting(RulesPtr rules, SlackUser user, Asked asked);
  Task<Result<void>> tell(const Command& command, message::Message answer);

  permission::Gate& gate_;
  pipeline::Resolver& resolver_;
  pipeline::PipelineClient& client_;
  ports::Deployments& deployments_;
  ports::Slack& slack_;
  ports::CurrentRules& rules_;
};

}  // namespace ringi::desk
