#pragma once

#include "handlers/access/rules.hpp"
#include "handlers/access/target.hpp"
#include "handlers/message/message.hpp"
#include "handlers/permission/gate.hpp"
#include "handlers/pipeline/pipeline_client.hpp"
#include "handlers/ports/clock.hpp"
#include "handlers/ports/together.hpp"

#include <map>
#include <memory>
#include <variant>

namespace ringi::pipeline {

// Which pipelines there are, remembered for a minute. One I/O thread uses it.
class Pipelines {
 public:
  using Place = std::pair<AccountId, Region>;
  using Names = Result<std::vector<PipelineName>>;

  Pipelines(PipelineClient& client, ports::Together& together, ports::Clock& clock)
      : client_(client), together_(together), clock_(clock) {}

  // Of all places, asked side by side; the answers stand in the places' order.
  Task<std::vector<Names>> in(std::vector<Place> places);

 private:
  struct Copy {
    std::vector<PipelineName> names;
    Time as_of;
  };
  Task<Names> in_one(Place place);
  PipelineClient& client_;
  ports::Together& together_;
  ports::Clock& clock_;
  std::map<Place, Copy> copies_;
};

// Exactly one pipeline. Not certain: no account was named, and there may be another of this name in
// one that gave no answer or that the person may not see.
struct Meant {
  PipelineRef ref;
  bool certain = true;
};
using Candidates = std::vector<PipelineRef>;  // two or more
// What was meant, what could have been, or the answer that says why neither. Candidates and hints
// are such as the person may read; what they named themselves is looked up whoever they are.
using Resolved = std::variant<Meant, Candidates, message::Message>;

class Resolver {
 public:
  Resolver(Pipelines& pipelines, permission::Gate& gate) : pipelines_(pipelines), gate_(gate) {}

  Task<Result<Resolved>> resolve(std::shared_ptr<const access::Rules> rules, std::string target,
                                 SlackUser user, Via via);
  // The answer to an account's name that the configuration does not know.
  Task<Result<message::Message>> unknown_account(std::shared_ptr<const access::Rules> rules,
                                                 std::string name, SlackUser user);

 private:
  using RulesPtr = std::shared_ptr<const access::Rules>;
  struct Found {
    std::vector<PipelineRef> matching, others;
    std::optional<Error> silent;  // of the first account that gave no answer
  };
  Task<Result<Found>> search(RulesPtr rules, const access::Target& target);
  Task<Result<std::vector<PipelineRef>>> readable(RulesPtr rules, std::vector<PipelineRef> refs,
                                                  SlackUser user, Via via);

  Pipelines& pipelines_;
  permission::Gate& gate_;
};

}  // namespace ringi::pipeline
