#include "handlers/desk/desk.hpp"

#include "handlers/desk/audit_text.hpp"
#include "tests/unit/handlers/fakes/ports.hpp"

namespace ringi::desk {
namespace {

using fakes::run;

struct Room {
  fakes::FakeClock clock;
  fakes::FakeRules rules;
  fakes::FakeLedger ledger;
  fakes::FakeJobs jobs;
  fakes::FakeDeployments deployments{ledger, jobs, clock};
  fakes::FakeAccounts accounts{ledger, rules};
  fakes::FakeSlack slack;
  fakes::FakeDirectory directory;
  permission::Gate gate{directory};
  Desk desk{gate, directory, ledger, deployments, jobs, accounts, slack, rules};
  SlackUser lead = *SlackUser::parse("U0LEAD"), other = *SlackUser::parse("U0OTHER");

  Room() {
    auto& held = *rules.held;
    held.accounts.push_back({.id = *AccountId::parse("222233334444"),
                             .name = "web-prod",
                             .team = "web",
                             .environment = "production",
                             .role = "ringi",
                             .regions = {*Region::parse("ap-northeast-1")}});
    held.environments["production"] = {.name = "production", .production = true};
    held.groups["leads"] = {lead};
    access::Statement approve{.id = "environments.production.approve",
                              .actions = {access::Action::approve},
                              .who = {access::Group{"leads"}}};
    access::Statement audit{
        .id = "auditors", .actions = {access::Action::audit}, .who = {access::Group{"leads"}}};
    held.statements = {approve, audit};
  }
  static Delivery delivery() { return {.id = *OpaqueId::parse("01JD0000000000000000000001")}; }
  static Command by(const SlackUser& user, const char* channel = "C0WEB") {
    return {{*SlackTeam::parse("T0001"), user, "somebody"},
            {*SlackChannel::parse(channel), {}, {}, {}},
            "ringi",
            "",
            false};
  }
  // For everybody, until the test says more.
  access::Statement& allow(access::Action action, const char* id) {
    auto& statements = rules.held->statements;
    statements.push_back({.id = id, .actions = {action}, .who = {access::Members{}}});
    return statements.back();
  }
};

TEST(Help, shows_only_what_the_caller_may_do) {
  Room room;
  ASSERT_TRUE(run(room.desk.help(room.by(room.lead))).has_value());
  EXPECT_NE(room.slack.last().find("audit"), std::string::npos);
  EXPECT_NE(room.slack.last().find("Approve"), std::string::npos);
  EXPECT_EQ(room.slack.last().find("start TARGET"), std::string::npos);
  ASSERT_TRUE(run(room.desk.help(room.by(room.other))).has_value());
  EXPECT_EQ(room.slack.last().find("audit"), std::string::npos);
}

TEST(Help, offers_what_a_rule_gives_for_some_pipelines) {
  Room room;
  room.allow(access::Action::start, "start one").pipeline = {"web-*"};
  ASSERT_TRUE(run(room.desk.help(room.by(room.other))).has_value());
  EXPECT_NE(room.slack.last().find("start TARGET"), std::string::npos);
  EXPECT_NE(room.slack.last().find("/deploy list"), std::string::npos);
}

TEST(Help, offers_nothing_that_needs_a_right_to_whoever_has_none) {
  Room room;
  ASSERT_TRUE(run(room.desk.help(room.by(room.other))).has_value());
  for (const char* command : {"start TARGET", "/deploy list", "/deploy status", "Approve", "audit"})
    EXPECT_EQ(room.slack.last().find(command), std::string::npos) << command;
}

TEST(Help, offers_what_holds_in_the_channel_where_it_was_asked) {
  Room room;
  room.allow(access::Action::start, "there").channel = {"C0THERE"};
  ASSERT_TRUE(run(room.desk.help(room.by(room.other, "C0HERE"))).has_value());
  EXPECT_EQ(room.slack.last().find("start TARGET"), std::string::npos);
  ASSERT_TRUE(run(room.desk.help(room.by(room.other, "C0THERE"))).has_value());
  EXPECT_NE(room.slack.last().find("start TARGET"), std::string::npos);
}

TEST(Help, offers_the_buttons_of_cards_in_their_own_channel) {
  Room room;
  room.rules.held->default_channel = "#cards";
  room.rules.held->channel_ids["#cards"] = *SlackChannel::parse("C0CARDS");
  room.allow(access::Action::approve, "on cards").channel = {"#cards"};
  ASSERT_TRUE(run(room.desk.help(room.by(room.other, "C0HERE"))).has_value());
  EXPECT_NE(room.slack.last().find("Approve, Reject"), std::string::npos);
}

TEST(Whoami, lists_what_i_may_do_where) {
  Room room;
  ASSERT_TRUE(run(room.desk.whoami(room.by(room.lead))).has_value());
  EXPECT_NE(room.slack.last().find("web-prod (2222-3333-4444)"), std::string::npos);
  EXPECT_NE(room.slack.last().find("approve"), std::string::npos);
  EXPECT_NE(room.slack.last().find("The ledger: audit"), std::string::npos);
}

TEST(Whoami, says_for_which_pipelines) {
  Room room;
  room.allow(access::Action::start, "start web").pipeline = {"web*", "shop"};
  auto& secret = room.allow(access::Action::start, "not the secret one");
  secret.effect = access::Statement::Effect::deny;
  secret.pipeline = {"web-secret", "other"};
  ASSERT_TRUE(run(room.desk.whoami(room.by(room.other))).has_value());
  EXPECT_NE(room.slack.last().find("start (pipelines `web*`, `shop`; not `web-secret`)"),
            std::string::npos)
      << room.slack.last();
}

TEST(Whoami, says_what_is_taken_out_of_all_pipelines) {
  Room room;
  auto& secret = room.allow(access::Action::approve, "not the secret one");
  secret.effect = access::Statement::Effect::deny;
  secret.pipeline = {"web-secret"};
  ASSERT_TRUE(run(room.desk.whoami(room.by(room.lead))).has_value());
  EXPECT_NE(room.slack.last().find("approve (not `web-secret`)"), std::string::npos)
      << room.slack.last();
}

TEST(Whoami, is_about_this_channel_and_says_so) {
  Room room;
  ASSERT_TRUE(run(room.desk.whoami(room.by(room.other, "C0HERE"))).has_value());
  EXPECT_EQ(room.slack.last().find("certain channels"), std::string::npos);
  room.allow(access::Action::start, "there").channel = {"C0THERE"};
  ASSERT_TRUE(run(room.desk.whoami(room.by(room.other, "C0HERE"))).has_value());
  EXPECT_EQ(room.slack.last().find(": start"), std::string::npos);
  EXPECT_NE(room.slack.last().find("certain channels"), std::string::npos);
  ASSERT_TRUE(run(room.desk.whoami(room.by(room.other, "C0THERE"))).has_value());
  EXPECT_NE(room.slack.last().find(": start"), std::string::npos);
}

TEST(Audit, is_for_those_who_have_the_action) {
  Room room;
  ASSERT_TRUE(run(room.desk.audit(room.delivery(), room.by(room.other), {})).has_value());
  ASSERT_EQ(room.ledger.count("access.denied"), 1);
  EXPECT_EQ(room.ledger.entries.front().actor->user, room.other);
  EXPECT_NE(room.slack.last().find("cannot read the ledger"), std::string::npos);
  ASSERT_TRUE(run(room.desk.audit(room.delivery(), room.by(room.lead), {})).has_value());
  EXPECT_NE(room.slack.last().find("approval.decided"), std::string::npos);
  EXPECT_NE(room.slack.last().find("<@U0123>"), std::string::npos);
}

TEST(Audit, may_be_given_in_one_channel_alone) {
  Room room;
  room.rules.held->statements.back().channel = {"C0AUDIT"};
  ASSERT_TRUE(run(room.desk.audit(room.delivery(), room.by(room.lead, "C0WEB"), {})).has_value());
  EXPECT_EQ(room.ledger.count("access.denied"), 1);
  ASSERT_TRUE(run(room.desk.audit(room.delivery(), room.by(room.lead, "C0AUDIT"), {})).has_value());
  EXPECT_NE(room.slack.last().find("approval.decided"), std::string::npos);
  ASSERT_TRUE(run(room.desk.help(room.by(room.lead, "C0AUDIT"))).has_value());
  EXPECT_NE(room.slack.last().find("/ringi audit"), std::string::npos);
}

TEST(Audit, line_says_what_was_denied_and_shows_the_readers_own_clock) {
  const auto line = audit_line(
      R"({"seq":3,"time":"2026-11-22T03:04:05.678Z","kind":"access.denied","decision":"approved",)"
      R"("actor":{"user":"U0TARO0001","name":"taro"},"reason":"four eyes"})");
  for (const char* part : {"not allowed to approve", "<!date^", "<@U0TARO0001>", "\"four eyes\""}) {
    EXPECT_NE(line.mrkdwn().find(part), std::string::npos) << part << line.mrkdwn();
  }
}

TEST(Audit, line_shows_the_chain_and_formats_nothing_foreign) {
  const auto line = audit_line(
      R"({"seq":3,"time":"t","kind":"approval.applied","phase":"done","of":2,"reason":"*x* <!here>"})");
  EXPECT_NE(line.mrkdwn().find("closes #2"), std::string::npos);
  EXPECT_NE(line.mrkdwn().find("∗x∗ &lt;!here&gt;"), std::string::npos);
  EXPECT_TRUE(audit_line("not json").empty());
  EXPECT_FALSE(audit_line(R"({"seq":1,"actor":7,"target":null})").empty());
}

TEST(Audit, line_about_an_account_names_its_environment) {
  const auto moved =
      audit_line(R"({"seq":3,"time":"t","kind":"account.changed","target":{"account_name":"shop",)"
                 R"("environment":"staging"},"details":{"environment_before":"production"}})");
  EXPECT_NE(moved.mrkdwn().find("shop"), std::string::npos);
  EXPECT_NE(moved.mrkdwn().find("staging, was production"), std::string::npos) << moved.mrkdwn();
  const auto added =
      audit_line(R"({"seq":4,"kind":"account.added","target":{"account_name":"new"}})");
  EXPECT_NE(added.mrkdwn().find("no environment"), std::string::npos) << added.mrkdwn();
}

TEST(Status, tells_how_ringi_is) {
  Room room;
  ASSERT_TRUE(run(room.desk.status(room.by(room.other))).has_value());
  EXPECT_NE(room.slack.last().find("Jobs: 0 waiting"), std::string::npos);
  EXPECT_NE(room.slack.last().find("Accounts: 1."), std::string::npos) << room.slack.last();
}

TEST(Status, shows_how_old_the_listing_of_accounts_is) {
  Room room;
  room.accounts.listed.discover = true;
  ASSERT_TRUE(run(room.desk.status(room.by(room.other))).has_value());
  EXPECT_NE(room.slack.last().find("has not answered yet"), std::string::npos);
  room.accounts.listed.as_of = room.clock.now();
  room.rules.held->accounts[0].environment = "qa";
  ASSERT_TRUE(run(room.desk.status(room.by(room.other))).has_value());
  EXPECT_NE(room.slack.last().find("1 of them without an environment"), std::string::npos);
  EXPECT_NE(room.slack.last().find("AWS Organizations answered <!date^"), std::string::npos);
}

}  // namespace
}  // namespace ringi::desk
