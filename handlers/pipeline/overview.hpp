#pragma once

#include "handlers/permission/gate.hpp"
#include "handlers/pipeline/place.hpp"
#include "handlers/pipeline/resolve.hpp"
#include "handlers/ports/cards.hpp"
#include "handlers/ports/deployments.hpp"
#include "handlers/ports/rules.hpp"
#include "handlers/ports/slack.hpp"
#include "handlers/ports/together.hpp"

#include <map>

namespace ringi::pipeline {

// What only looks: /deploy alone, list, pending, status. Shows what the caller may see, nothing
// else.
class Overview {
 public:
  Overview(PipelineClient& client, Pipelines& pipelines, Resolver& resolver, permission::Gate& gate,
           ports::Deployments& deployments, ports::Cards& cards, ports::Slack& slack,
           ports::Together& together, ports::CurrentRules& rules, ports::Clock& clock,
           ports::Ids& ids)
      : client_(client),
        pipelines_(pipelines),
        resolver_(resolver),
        gate_(gate),
        deployments_(deployments),
        cards_(cards),
        slack_(slack),
        together_(together),
        rules_(rules),
        clock_(clock),
        ids_(ids) {}

  Task<Result<void>> home(Command command);
  Task<Result<void>> list(Command command, std::vector<std::string> words);
  Task<Result<void>> pending(Command command);
  Task<Result<void>> status(Command command, std::vector<std::string> words);

 private:
  enum class Only { for_me, visible };
  using RulesPtr = std::shared_ptr<const access::Rules>;
  struct Known {
    std::vector<PipelineRef> refs;
    std::map<std::string, std::vector<std::string>> silent;  // AWS's code -> who gave no answer

    void add_silent(std::vector<message::Text>& lines) const;
  };
  // One approval that waits for whoever asks: its line, and what they can press.
  struct Waiting {
    message::Text line;
    std::vector<message::Button> buttons;
  };

  Task<Result<bool>> may(RulesPtr rules, SlackUser user, access::Action action, PipelineRef ref,
                         Via via);
  Task<Result<Known>> allowed(RulesPtr rules, SlackUser user, access::Action action, Via via);
  Task<Result<std::vector<ports::Approval>>> waiting(RulesPtr rules, SlackUser user, Via via,
                                                     Only only);
  Task<std::string> card_url(ExecutionRef ref);
  Task<std::vector<std::string>> card_urls(std::vector<ExecutionRef> refs);
  Task<Waiting> waiting_item(RulesPtr rules, SlackUser user, ports::Approval row);
  Task<void> add_waiting(RulesPtr rules, SlackUser user, std::vector<ports::Approval> rows,
                         message::Message& answer);
  Task<Result<void>> add_startable(RulesPtr rules, SlackUser user, Known known,
                                   message::Message& answer);
  Task<message::Text> startable_line(RulesPtr rules, PipelineRef ref);
  Task<Result<message::Button>> start_button(RulesPtr rules, SlackUser user, PipelineRef ref);
  Task<Result<message::Message>> history(RulesPtr rules, PipelineRef ref);

  PipelineClient& client_;
  Pipelines& pipelines_;
  Resolver& resolver_;
  permission::Gate& gate_;
  ports::Deployments& deployments_;
  ports::Cards& cards_;
  ports::Slack& slack_;
  ports::Together& together_;
  ports::CurrentRules& rules_;
  ports::Clock& clock_;
  ports::Ids& ids_;
};

}  // namespace ringi::pipeline
