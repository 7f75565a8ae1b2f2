#include "server/config/rules.hpp"

#include "handlers/access/decide.hpp"
#include "server/config/load.hpp"
#include "server/config/secrets.hpp"
#include "server/config/warnings.hpp"
#include "tests/unit/checkout.hpp"
#include "tests/unit/server/config/fake_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringi::config {
namespace {

using test::FakeFiles;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string text_of(const Problems& problems) {
  std::string text;
  for (const Problem& problem : problems) text += to_text(problem) + "\n";
  return text;
}

Config load_text(const std::string& added) {
  FakeFiles files;
  files.texts["/c/main.toml"] = test::smallest + added;
  Loaded loaded = load("/c/main.toml", files);
  EXPECT_TRUE(loaded.config) << text_of(loaded.problems);
  return loaded.config.value_or(Config{});
}

class Example : public testing::Test {
 protected:
  FakeFiles files;
  void SetUp() override {
    files.texts["/c/ringi.toml"] =
        ringi::test::text_of_file(ringi::test::checkout() / "deploy/ringi.example.toml");
    files.texts["/etc/ringi/ledger.pem"] = "key";
  }
};

TEST_F(Example, LoadsWithoutAProblemOrAWarning) {
  const Loaded loaded = load("/c/ringi.toml", files);
  ASSERT_TRUE(loaded.config) << text_of(loaded.problems);
  EXPECT_EQ(text_of(warnings_of(*loaded.config, files)), "");
  LocalSecrets source{[](const std::string&) { return std::optional<std::string>{"value"}; }, files,
                      "/c/ringi.toml"};
  EXPECT_THAT(resolve_secrets(*loaded.config, source).problems, IsEmpty());
}

TEST_F(Example, LetsADeveloperStartAndALeadApprove) {
  const Config config = *load("/c/ringi.toml", files).config;
  const access::Rules rules = rules_of(config, accounts_of(config, {}));
  const access::Account* const account = access::find_account(rules, "web-prod");
  ASSERT_NE(account, nullptr);
  const access::Subject developer{.user = *SlackUser::parse("U1"),
                                  .full_member = true,
                                  .in_group = {{"web-developers", true}, {"web-leads", false}}};
  access::Question question{
      .action = access::Action::start, .account = account, .pipeline = PipelineName::parse("web")};
  EXPECT_TRUE(access::decide(rules, question, developer).allowed);
  question.pipeline = PipelineName::parse("payment-api");
  EXPECT_FALSE(access::decide(rules, question, developer).allowed);
  question.action = access::Action::approve;
  EXPECT_FALSE(access::decide(rules, question, developer).allowed);
  const access::Subject manager{.user = *SlackUser::parse("U0123HANA"),
                                .full_member = true,
                                .in_group = {{"web-developers", false}, {"web-leads", false}}};
  EXPECT_TRUE(access::decide(rules, question, manager).allowed);
}

TEST_F(Example, NamesWhatSlackMustResolve) {
  const Config config = *load("/c/ringi.toml", files).config;
  const SlackNames names = names_to_resolve(config, accounts_of(config, {}));
  EXPECT_THAT(names.channels,
              ElementsAre("#deploys", "#ringi-audit", "#ringi-ops", "#web-deploys"));
  EXPECT_THAT(names.groups, ElementsAre("web-developers", "web-leads"));
}

TEST(RulesOf, NamesTheStatementsOfEnvironments) {
  const access::Rules rules =
      rules_of(load_text("[environments.staging]\nstart = [\"members\"]\nread = []\n"), {});
  ASSERT_EQ(rules.statements.size(), 1u);
  EXPECT_EQ(rules.statements[0].id, "environments.staging.start");
  EXPECT_THAT(rules.statements[0].environment, ElementsAre("staging"));
}

TEST(NeedsRestart, NamesEachKeyThatAReloadCannotTake) {
  const Config before = load_text("");
  Config after = before;
  after.slack.channel = "#elsewhere";
  EXPECT_THAT(needs_restart(before, after), IsEmpty());
  after.server.listen.port = 1;
  after.store_url = "sqlite:/x";
  after.realms.push_back({.name = "r"});
  EXPECT_THAT(needs_restart(before, after), ElementsAre("server.listen", "store.url", "realms"));
}

class WithoutAListing : public testing::Test {
 protected:
  const Config config = load_text(
      "[environments.production]\n[environments.staging]\n[organization]\ndiscover = true\n"
      "tags = { team = \"squad\" }\n");
  access::KnownAccount row{.id = *AccountId::parse("222233334444"),
                           .name = "web",
                           .team = "web",
                           .environment = "production",
                           .channel = "#web",
                           .wall = "production",
                           .production = true,
                           .listed = true};
  access::InForce draft() {
    return in_force(config, nullptr, {row}, [] { return *OpaqueId::parse(std::string(26, 'A')); });
  }
};

TEST_F(WithoutAListing, StaysWhatWasListedBefore) {
  const auto draft = this->draft();
  ASSERT_EQ(draft.accounts.size(), 1u);
  EXPECT_EQ(draft.accounts[0].environment, "production");
  EXPECT_EQ(draft.accounts[0].team, "web");
  EXPECT_EQ(draft.accounts[0].channel, "#web");
  EXPECT_TRUE(draft.changes.empty());
}

TEST_F(WithoutAListing, OneThatWasReadWithOtherTagsIsNone) {
  const access::Listing old{{"Team", "Environment", "SlackChannel"}, {{.id = row.id}}};
  const auto id = [] { return *OpaqueId::parse(std::string(26, 'A')); };
  const auto stays = in_force(config, &old, {row}, id);
  EXPECT_EQ(stays.accounts.at(0).environment, "production");
  EXPECT_TRUE(stays.waiting.empty()) << "nobody is asked about tags that were not read";
  const access::Listing now{{"squad", "Environment", "SlackChannel"}, {{.id = row.id}}};
  EXPECT_EQ(in_force(config, &now, {row}, id).waiting.size(), 1u);
}

TEST_F(WithoutAListing, AMoveGoesOnWaiting) {
  row.move = *OpaqueId::parse(std::string(26, 'B'));
  row.to = "staging";
  const auto draft = this->draft();
  EXPECT_EQ(draft.accounts.at(0).environment, "production");
  ASSERT_EQ(draft.waiting.size(), 1u);
  EXPECT_EQ(draft.waiting[0].move, row.move) << "and its button is the same";
}

TEST_F(WithoutAListing, GoesWhatTheConfigurationAloneNamed) {
  row.listed = false;
  EXPECT_TRUE(draft().accounts.empty()) << "its row is gone";
}

TEST_F(WithoutAListing, NothingThatWasGoneComesBack) {
  row.gone = true;
  EXPECT_TRUE(draft().accounts.empty());
}

TEST(NeedsRestart, LeavesAccountsToTheOperatorsButton) {
  const auto one = [](const std::string& environment) {
    return load_text(
        "[environments.production]\n[environments.staging]\n[[accounts]]\nname = \"web\"\n"
        "id = \"222233334444\"\nenvironment = \"" +
        environment + "\"\n");
  };
  EXPECT_THAT(needs_restart(one("production"), one("staging")), IsEmpty());
}

TEST(Warnings, NameConditionsThatNoAccountMeets) {
  FakeFiles files;
  const Config config = load_text(
      "[environments.production]\n[[accounts]]\nid = \"222233334444\"\nname = "
      "\"web\"\nenvironment "
      "= \"production\"\n"
      "[[policy]]\nid = \"x\"\neffect = \"deny\"\nactions = [\"read\"]\nwho = "
      "[\"members\"]\naccount = [\"wbe\", \"w*\"]\n");
  const Problems warnings = warnings_of(config, files);
  ASSERT_EQ(warnings.size(), 1u) << text_of(warnings);
  EXPECT_THAT(text_of(warnings), HasSubstr("no account has \"wbe\""));
}

TEST(Warnings, NameAccountsThatNobodyCanReach) {
  FakeFiles files;
  EXPECT_THAT(text_of(warnings_of(load_text("[[accounts]]\nid = \"222233334444\"\n"), files)),
              HasSubstr("unclassified"));
}

TEST(Warnings, SayThatNothingIsProduction) {
  FakeFiles files;
  const auto said = [&files](const std::string& text) {
    return text_of(warnings_of(load_text(text), files));
  };
  const auto off = HasSubstr("no environment is production");
  EXPECT_THAT(said("[environments.prod]\n"), off);
  EXPECT_THAT(said("[environments.prod]\n"), HasSubstr("name the environment \"production\""));
  EXPECT_THAT(said("[realms.prod]\nenvironments = [\"production\"]\n"), off);
  EXPECT_THAT(said("[realms.production]\nenvironments = []\n"), off);
  EXPECT_THAT(said("[environments.production]\n"), Not(off));
  EXPECT_THAT(said("[realms.production]\nenvironments = [\"live\"]\n"), Not(off));
}

TEST(Warnings, NameStatementsThatAreShadowed) {
  FakeFiles files;
  const Config config = load_text(
      "[environments.production]\nstart = [\"U0001\"]\napprove = [\"U0001\"]\n[[accounts]]\nid = "
      "\"222233334444\"\n"
      "environment = \"production\"\n"
      "[[policy]]\nid = \"x\"\neffect = \"deny\"\nactions = [\"start\"]\nwho = "
      "[\"members\"]\nenvironment = [\"prod*\"]\n");
  const Problems warnings = warnings_of(config, files);
  ASSERT_EQ(warnings.size(), 1u) << text_of(warnings);
  EXPECT_EQ(warnings[0].key, "environments.production.start");
}

TEST(Warnings, NameSecretsThatEveryoneCanRead) {
  FakeFiles files;
  files.open_to_all = {"/c/ledger.pem"};
  EXPECT_THAT(text_of(warnings_of(load_text(""), files)), HasSubstr("can read /c/ledger.pem"));
  files.open_to_all = {"/etc/ringi/tls/privkey.pem"};
  const Problems warnings = warnings_of(load_text("[environments.production]\n"), files);
  ASSERT_EQ(warnings.size(), 1u) << text_of(warnings);
  EXPECT_EQ(warnings[0].key, "server.private_key");
  EXPECT_EQ(warnings[0].place.line, 5);
}

}  // namespace
}  // namespace ringi::config
