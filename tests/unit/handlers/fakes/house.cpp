#include "tests/unit/handlers/fakes/house.hpp"

#include <algorithm>

namespace ringi::fakes {

SlackUser taro() {
  return *SlackUser::parse("U0TARO");
}
SlackUser hanako() {
  return *SlackUser::parse("U0HANAKO");
}
SlackUser guest() {
  return *SlackUser::parse("U0GUEST");
}

void fill_rules(access::Rules& rules) {
  const auto region = *Region::parse("ap-northeast-1");
  const auto add = [&](const char* id, const char* name, const char* environment) {
    rules.accounts.push_back({.id = *AccountId::parse(id),
                              .name = name,
                              .team = "web",
                              .environment = environment,
                              .role = "ringi",
                              .regions = {region}});
  };
  add("222233334444", "web-prod", "production");
  add("333344445555", "web-stg", "staging");
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

House::House() {
  fill_rules(*rules.held);
  directory.guests = {guest()};
  ledger.fate = deployments.fate = cards.fate = aws.fate = &fate;
}

House::~House() = default;

Caller House::caller(const SlackUser& user) {
  return {*SlackTeam::parse("T0001"), user, "somebody"};
}

Via House::via() {
  return {*SlackChannel::parse("C0WEB"), {}, {}, ResponseUrl{"https://hooks.slack.com/x"}};
}

Delivery House::delivery(Request request) {
  return {ids.next(), clock.now(), 1, false, false, false, std::move(request)};
}

Command House::typed(const SlackUser& user, const std::string& text) {
  return {caller(user), via(), "deploy", text, false};
}

Click House::pressed(const SlackUser& user, const std::string& action, const std::string& value) {
  return {caller(user), via(), action, value, "trigger"};
}

Submission House::sent(const SlackUser& user, const std::string& value, const std::string& reason) {
  return {caller(user), via(), "approval.reject", value, "V1", {{"reason", reason}}};
}

ports::Approval& House::waiting() {
  auto& run_of = aws.begin("arn:aws:iam::222233334444:user/somebody");
  EXPECT_TRUE(run(refresh.run(ref(run_of.id))).has_value());
  return deployments.rows.back();
}

std::string House::due_answer() const {
  const auto due = std::ranges::find_if(
      jobs.waiting, [](const auto& one) { return one.first.kind == "answer.late"; });
  return due == jobs.waiting.end() ? "" : due->first.payload;
}

ExecutionRef House::ref(const std::string& id) {
  return {{*AccountId::parse("222233334444"), *Region::parse("ap-northeast-1"),
           *PipelineName::parse("web")},
          *ExecutionId::parse(id)};
}

}  // namespace ringi::fakes
