#pragma once

#include "handlers/pipeline/apply.hpp"
#include "handlers/pipeline/decide.hpp"
#include "handlers/pipeline/forms.hpp"
#include "handlers/pipeline/notice.hpp"
#include "handlers/pipeline/overview.hpp"
#include "handlers/pipeline/reconcile.hpp"
#include "handlers/pipeline/start.hpp"
#include "tests/unit/handlers/fakes/code_pipeline.hpp"

namespace ringi::fakes {

SlackUser taro();    // developer, and approver too
SlackUser hanako();  // release manager
SlackUser guest();

// Two accounts (web-prod: production, web-stg), one team; taro starts, hanako and taro approve.
void fill_rules(access::Rules& rules);

// The handlers over the fakes, wired as the composition root wires them.
struct House {
  House();
  ~House();
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  Fate fate;
  FakeClock clock;
  FakeIds ids;
  FakeRules rules;
  FakeLedger ledger;
  FakeJobs jobs;
  FakeDeployments deployments{ledger, jobs, clock};
  FakeAccounts accounts{ledger, rules};
  FakeCards cards;
  FakeSlack slack;
  FakeDirectory directory;
  FakeCodePipeline aws;

  pipeline::PipelineClient client{aws};
  permission::Gate gate{directory};
  FakeTogether together;
  pipeline::Pipelines pipelines{client, together, clock};
  pipeline::Resolver resolver{pipelines, gate};
  pipeline::Board board{cards};
  pipeline::Settle settle{deployments, ids};
  pipeline::Gone gone{deployments, board, jobs, clock};
  pipeline::Timeouts timeouts{client, clock};
  pipeline::Refresh refresh{client,   deployments, ledger, board, settle, gone,
                            timeouts, gate,        jobs,   rules, clock};
  pipeline::Start start{client, resolver, gate, deployments, ledger, cards,
                        slack,  refresh,  jobs, rules,       clock,  ids};
  pipeline::Decide decide{client, gate, deployments, ledger, cards, slack, jobs, rules, clock};
  pipeline::Forms forms{client, gate, deployments, slack, rules};
  pipeline::Apply apply{client, deployments, slack, refresh, jobs, rules, clock};
  pipeline::Notice notice{jobs, clock};
  pipeline::Reconcile reconcile{client, deployments, jobs, rules, clock};
  pipeline::Overview overview{client, pipelines, resolver, gate,  deployments, cards,
                              slack,  together,  rules,    clock, ids};

  access::Environment& environment(const char* name) { return rules.held->environments.at(name); }

  static Caller caller(const SlackUser& user);
  static Via via();
  Delivery delivery(Request request);

  static Command typed(const SlackUser& user, const std::string& text);
  static Click pressed(const SlackUser& user, const std::string& action, const std::string& value);
  static Submission sent(const SlackUser& user, const std::string& value,
                         const std::string& reason);

  // An execution that somebody started elsewhere and that waits for approval, with its card.
  ports::Approval& waiting();
  // The private answer that a commit left to be told.
  std::string due_answer() const;
  static ExecutionRef ref(const std::string& id);
};

}  // namespace ringi::fakes
