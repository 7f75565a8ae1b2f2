#include "handlers/access/registry.hpp"

#include "handlers/access/decide.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringi::access {
namespace {

using testing::ElementsAre;

const AccountId one = *AccountId::parse("222233334444");
const AccountId other = *AccountId::parse("333344445555");
const Region tokyo = *Region::parse("ap-northeast-1");

Organization usual() {
  return {.environments = {{"production", {"prod", "prd", "本番"}}, {"staging", {"stg"}}},
          .role = "ringi",
          .regions = {tokyo}};
}

ListedAccount listed(const AccountId& id, std::string name,
                     std::map<std::string, std::string> tags = {}) {
  return {id, std::move(name), std::move(tags)};
}

Account only(const std::vector<Account>& accounts) {
  EXPECT_EQ(accounts.size(), 1u);
  return accounts.empty() ? Account{} : accounts.front();
}

TEST(Registered, TagsSayWhoseAnAccountIs) {
  const auto account = only(registered({},
                                       {listed(one, "web-prod",
                                               {{"Team", "web"},
                                                {"Environment", "prod"},
                                                {"SlackChannel", "web-deploys"},
                                                {"CostCenter", "42"}})},
                                       usual()));
  EXPECT_EQ(account.name, "web-prod");
  EXPECT_EQ(account.team, "web");
  EXPECT_EQ(account.environment, "production");
  EXPECT_EQ(account.channel, "#web-deploys") << "AWS takes no # in a tag";
  EXPECT_EQ(account.role, "ringi");
  EXPECT_THAT(account.regions, ElementsAre(tokyo));
}

TEST(Registered, TheTagsKeysAreTheConfigurations) {
  auto organization = usual();
  organization.tags = {.team = "squad", .environment = "stage", .channel = "room"};
  const auto account = only(
      registered({}, {listed(one, "a", {{"squad", "web"}, {"stage", "stg"}, {"Team", "not this"}})},
                 organization));
  EXPECT_EQ(account.team, "web");
  EXPECT_EQ(account.environment, "staging");
  EXPECT_EQ(account.channel, "");
}

struct Value {
  const char *name, *tag, *environment;
};

class EnvironmentTag : public testing::TestWithParam<Value> {};

TEST_P(EnvironmentTag, Means) {
  const auto account =
      only(registered({}, {listed(one, "a", {{"Environment", GetParam().tag}})}, usual()));
  EXPECT_EQ(account.environment, GetParam().environment);
}

INSTANTIATE_TEST_SUITE_P(Rows, EnvironmentTag,
                         testing::Values(Value{"itself", "staging", "staging"},
                                         Value{"synonym", "stg", "staging"},
                                         Value{"upper_case", "PROD", "production"},
                                         Value{"mixed_case_itself", "Production", "production"},
                                         Value{"blanks_around", "  prd ", "production"},
                                         Value{"another_alphabet", "本番", "production"},
                                         Value{"unknown_stays", "qa", "qa"},
                                         Value{"part_of_one", "pro", "pro"}, Value{"none", "", ""}),
                         [](const auto& info) { return std::string{info.param.name}; });

struct Name {
  const char *name, *listed, *called;
};

class ListedName : public testing::TestWithParam<Name> {};

TEST_P(ListedName, CanStandInATarget) {
  EXPECT_EQ(only(registered({}, {listed(one, GetParam().listed)}, usual())).name,
            GetParam().called);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ListedName,
    testing::Values(Name{"plain", "web-prod", "web-prod"},
                    Name{"blanks", "Web  Production", "Web-Production"},
                    Name{"brackets", "web (old)", "web-(old)"},
                    Name{"slash_and_at", "web/prod@tokyo", "web-prod-tokyo"},
                    Name{"mark_up", "<!here> *web*", "!here-web"},
                    Name{"line_break", "web\nprod", "web-prod"},
                    Name{"another_alphabet", "本番 ウェブ", "本番-ウェブ"},
                    Name{"nothing_left", " /@ ", "222233334444"}, Name{"empty", "", "222233334444"},
                    Name{"another_accounts_id", "333344445555", "222233334444"}),
    [](const auto& info) { return std::string{info.param.name}; });

TEST(Registered, ALongNameIsCutBetweenTwoCharacters) {
  std::string name;
  for (int i = 0; i < 40; ++i) name += "稟";
  const auto called = only(registered({}, {listed(one, name)}, usual())).name;
  EXPECT_EQ(called.size(), 78u);
  EXPECT_EQ(called, name.substr(0, 78));
}

TEST(Registered, ATagHoldsNoControlCharacters) {
  const std::string team{"we\0b\n\x7f", 6};
  EXPECT_EQ(only(registered({}, {listed(one, "a", {{"Team", team}})}, usual())).team, "web");
}

TEST(Registered, ANameBeatsAnothersSynonym) {
  auto organization = usual();
  organization.environments["development"] = {"production"};
  const auto account =
      only(registered({}, {listed(one, "a", {{"Environment", "production"}})}, organization));
  EXPECT_EQ(account.environment, "production");
}

TEST(Registered, TheConfigurationStandsOverTags) {
  Account row{.id = one, .team = "pay", .channel = "#pay"};
  row.regions = {*Region::parse("us-east-1")};
  const auto account = only(registered(
      {row}, {listed(one, "web-prod", {{"Team", "web"}, {"Environment", "prod"}})}, usual()));
  EXPECT_EQ(account.name, "web-prod");
  EXPECT_EQ(account.team, "pay");
  EXPECT_EQ(account.environment, "production");
  EXPECT_EQ(account.channel, "#pay");
  EXPECT_EQ(account.regions.at(0).str(), "us-east-1");
}

TEST(Registered, TheConfigurationMayStandAlone) {
  const auto account = only(registered({{.id = one, .environment = "staging"}}, {}, usual()));
  EXPECT_EQ(account.name, "222233334444");
  EXPECT_EQ(account.role, "ringi");
  EXPECT_THAT(account.regions, ElementsAre(tokyo));
}

TEST(Registered, ConfiguredOnesComeFirstAndTheOthersByName) {
  const auto accounts = registered(
      {{.id = other, .name = "zebra"}},
      {listed(*AccountId::parse("111111111111"), "web"), listed(one, "api"), listed(other, "z")},
      usual());
  ASSERT_EQ(accounts.size(), 3u);
  EXPECT_EQ(accounts[0].name, "zebra");
  EXPECT_EQ(accounts[1].name, "api");
  EXPECT_EQ(accounts[2].name, "web");
}

class SharedName : public testing::Test {
 protected:
  Rules rules;
  void SetUp() override {
    rules.accounts = registered({},
                                {listed(one, "web", {{"Environment", "prod"}}),
                                 listed(other, "web", {{"Environment", "prod"}})},
                                usual());
    rules.environments["production"] = {.name = "production", .production = true};
  }
  Decision may(Statement::Effect effect, const char* account) {
    rules.statements = {{.id = "all", .actions = {Action::read}, .who = {Members{}}}};
    if (effect == Statement::Effect::allow) rules.statements.clear();
    rules.statements.push_back({.id = "this",
                                .effect = effect,
                                .actions = {Action::read},
                                .who = {Members{}},
                                .account = {account}});
    const Question question{.action = Action::read, .account = find_account(rules, one)};
    return decide(rules, question, {.user = *SlackUser::parse("U1"), .full_member = true});
  }
};

TEST_F(SharedName, FindsNeitherAndTheIdFindsItsOwn) {
  EXPECT_EQ(find_account(rules, "web"), nullptr);
  EXPECT_EQ(find_account(rules, "333344445555")->id, other);
  EXPECT_EQ(address_of(*find_account(rules, one)), "222233334444");
}

TEST_F(SharedName, AllowsNothingAndStillDenies) {
  EXPECT_FALSE(may(Statement::Effect::allow, "web").allowed);
  EXPECT_TRUE(may(Statement::Effect::allow, "222233334444").allowed);
  EXPECT_FALSE(may(Statement::Effect::deny, "web").allowed);
  EXPECT_FALSE(may(Statement::Effect::deny, "222233334444").allowed);
}

}  // namespace
}  // namespace ringi::access
