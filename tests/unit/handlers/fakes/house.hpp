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

inline SlackUser taro() {
  return *SlackUser::parse("U0TARO");
}  // developer, and approver too
inline SlackUser hanako() {
  return *SlackUser::parse("U0HANAKO");
}  // release manager
inline SlackUser guest() {
  return *SlackUser::parse("U0GUEST");
}

// Two accounts (web-prod: production, web-stg), one team; taro starts, hanako and taro approve.
inline void fill_rules(access::Rules& rules) {
  const auto region = *Region::parse("ap-northeast-1");
  rules.accounts.push_back(
      {*AccountId::parse("222233334444"), "web-prod", "web", "production", "", "ringi", {region}});
  rules.accounts.push_back(
      {*AccountId::parse("333344445555"), "web-stg", "web", "staging", "", "ringi", {region}});
  rules.environments["production"] = {.name = "production", .production = true};
  rules.environments["staging"] = {.name = "staging"};
  rules.teams["web"] = {.name = "web", .channel = "#web-deploys"};
  rules.groups["devs"] = {taro()};
  rules.groups["leads"] = {hanako(), taro()};
  const auto allow = [&](const char* id, access::Action action, const char* group) {
    access::Statement statement;
    statement.id = id;
    statement.actions = {action};
    statement.who = {access::Group{group}};
    rules.statements.push_back(statement);
  };
  allow("environments.production.start", access::Action::start, "devs");
  allow("environments.production.approve", access::Action::approve, "leads");
  allow("auditors", access::Action::audit, "leads");
  rules.default_channel = "#deploys";
  rules.operators_channel = "#ringi-ops";
  rules.channel_ids["#web-deploys"] = *SlackChannel::parse("C0WEB");
  rules.channel_ids["#deploys"] = *SlackChannel::parse("C0DEP");
  rules.channel_ids["#ringi-ops"] = *SlackChannel::parse("C0OPS");
  rules.redact_variables = {"*TOKEN*"};
  rules.hash = "sha256:77a0";
}

// The handlers over the fakes, wired as the composition root wires them.
struct House {
  Fate fate;
  FakeClock clock;
  FakeIds ids;
  FakeRules rules;
  FakeLedger ledger;
  FakeJobs jobs;
  FakeDeployments deployments{ledger, jobs, clock};
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

  House() {
    fill_rules(*rules.held);
    directory.guests = {guest()};
    ledger.fate = deployments.fate = cards.fate = aws.fate = &fate;
  }

  access::Environment& environment(const char* name) { return rules.held->environments.at(name); }

  static Caller caller(const SlackUser& user) {
    return {*SlackTeam::parse("T0001"), user, "somebody"};
  }
  static Via via() {
    return {*SlackChannel::parse("C0WEB"), {}, {}, ResponseUrl{"https://hooks.slack.com/x"}};
  }
  Delivery delivery(Request request) {
    return {ids.next(), clock.now(), 1, false, false, false, std::move(request)};
  }

  static Command typed(const SlackUser& user, const std::string& text) {
    return {caller(user), via(), "deploy", text, false};
  }
  static Click pressed(const SlackUser& user, const std::string& action, const std::string& value) {
    return {caller(user), via(), action, value, "trigger"};
  }
  static Submission sent(const SlackUser& user, const std::string& value,
                         const std::string& reason) {
    return {caller(user), via(), "approval.reject", value, "V1", {{"reason", reason}}};
  }

  // An execution that somebody started elsewhere and that waits for approval, with its card.
  ports::Approval& waiting() {
    auto& run_of = aws.begin("arn:aws:iam::222233334444:user/somebody");
    EXPECT_TRUE(run(refresh.run(ref(run_of.id))).has_value());
    return deployments.rows.back();
  }
  // The private answer that a commit left to be told.
  std::string due_answer() const {
    const auto due = std::ranges::find_if(
        jobs.waiting, [](const auto& one) { return one.first.kind == "answer.late"; });
    return due == jobs.waiting.end() ? "" : due->first.payload;
  }
  static ExecutionRef ref(const std::string& id) {
    return {{*AccountId::parse("222233334444"), *Region::parse("ap-northeast-1"),
             *PipelineName::parse("web")},
            *ExecutionId::parse(id)};
  }
};

}  // namespace ringi::fakes
