#include "server/aws/organization/organization.hpp"

#include "tests/unit/server/aws/copies.hpp"
#include "tests/unit/server/aws/world.hpp"

#include <gtest/gtest.h>

namespace ringi::aws {
namespace {

using access::ListedAccount;

const ListedAccount web{*AccountId::parse("222233334444"), "web \"日本\"", {{"Team", "web"}}};
const ListedAccount pay{*AccountId::parse("111122223333"), "pay", {}};

class OrganizationTest : public test::World {
 protected:
  OrganizationWatch watch() {
    return {io.get_executor(),
            {.list = [this](OrganizationPlan) -> Task<Result<std::vector<ListedAccount>>> {
               if (meanwhile) meanwhile();
               co_return answers;
             },
             .copies = copies,
             .clock = clock,
             .metrics = metrics,
             .log = log,
             .away = [this](const Error& why, std::optional<Time> as_of) -> Task<> {
               told.push_back(code_of(why) + (as_of ? " " + rfc3339(*as_of) : ""));
               co_return;
             },
             .back = [this]() -> Task<> {
               told.push_back("back");
               co_return;
             },
             .news = [this] { ++news; }}};
  }
  std::function<void()> meanwhile;  // while AWS is asked
  void look(OrganizationWatch& organization) {
    auto task = [](OrganizationWatch& one) -> Task<int> {
      co_await one.look();
      co_return 0;
    };
    run(task(organization));
  }
  Result<std::vector<ListedAccount>> answers = std::vector<ListedAccount>{web, pay};
  test::FakeCopies copies;
  std::vector<std::string> told;
  int news = 0;
};

TEST_F(OrganizationTest, KeepsTheListingHereAndInTheStore) {
  auto first = watch();
  look(first);
  ASSERT_TRUE(first.listing().has_value());
  EXPECT_EQ(first.listing()->said.accounts, (std::vector<ListedAccount>{pay, web})) << "by id";
  EXPECT_EQ(news, 1);
  auto second = watch();  // after a restart
  ASSERT_TRUE(run(second.load()).has_value());
  EXPECT_FALSE(second.listing().has_value()) << "nobody asks for it";
  second.follow({.discover = true});
  ASSERT_TRUE(run(second.load()).has_value());
  ASSERT_TRUE(second.listing().has_value());
  EXPECT_EQ(second.listing()->said.accounts, first.listing()->said.accounts);
  EXPECT_TRUE(told.empty());
}

TEST_F(OrganizationTest, IsNoNewsWhenItIsTheSame) {
  auto organization = watch();
  look(organization);
  answers = std::vector<ListedAccount>{pay, web};
  look(organization);
  EXPECT_EQ(news, 1) << "another order is no other listing";
  answers->front().tags["Team"] = "pay";
  look(organization);
  EXPECT_EQ(news, 2);
}

TEST_F(OrganizationTest, KeepsTheLastGoodListingWhileAwsIsAway) {
  auto organization = watch();
  look(organization);
  const auto then = clock.time;
  clock.time += std::chrono::hours{1};
  answers = error(Errc::unavailable, "no answer");
  look(organization);
  EXPECT_TRUE(told.empty()) << "once may pass by itself";
  look(organization);
  look(organization);
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0], "unavailable " + rfc3339(then));
  EXPECT_EQ(organization.listing()->said.accounts.size(), 2u);
  EXPECT_EQ(organization.listing()->as_of, then);
  EXPECT_EQ(news, 1);
  answers = std::vector<ListedAccount>{web};
  look(organization);
  EXPECT_EQ(told.back(), "back");
  EXPECT_EQ(organization.listing()->said.accounts.size(), 1u);
}

TEST_F(OrganizationTest, TellsAtOnceWhatDoesNotPassByItself) {
  auto organization = watch();
  answers = error(Errc::denied, {"not allowed"}, {"not allowed"}, "AccessDeniedException");
  look(organization);
  EXPECT_EQ(told, std::vector<std::string>{"AccessDeniedException"}) << "and it has no age";
}

TEST_F(OrganizationTest, GoesOnWhereTheCopyCannotBeKept) {
  auto organization = watch();
  copies.away = true;
  look(organization);
  EXPECT_TRUE(organization.listing().has_value());
  EXPECT_EQ(news, 1);
  EXPECT_NE(logged.str().find("not kept"), std::string::npos);
}

TEST_F(OrganizationTest, DropsTheAnswerToAQuestionOfBefore) {
  auto organization = watch();
  organization.follow({.discover = true});
  meanwhile = [&] { organization.follow({.discover = true, .exclude = {"222233334444"}}); };
  look(organization);
  EXPECT_FALSE(organization.listing().has_value());
  EXPECT_EQ(news, 0);
}

TEST_F(OrganizationTest, ForgetsAListingThatIsNotWantedAnyMore) {
  auto organization = watch();
  organization.follow({.discover = true});
  look(organization);
  organization.follow({});
  EXPECT_FALSE(organization.listing().has_value())
      << "its tags would be old when it is wanted again";
}

TEST_F(OrganizationTest, SaysThatItsCopyCannotBeRead) {
  auto organization = watch();
  organization.follow({.discover = true});
  copies.rows["organization accounts"] = {"no JSON", clock.time};
  ASSERT_TRUE(run(organization.load()).has_value());
  EXPECT_NE(logged.str().find("cannot be read"), std::string::npos);
}

TEST_F(OrganizationTest, IsNotAskedWhereNobodyWantsIt) {
  auto organization = watch();
  EXPECT_FALSE(organization.discovers());
  organization.follow({.discover = true});
  EXPECT_TRUE(organization.discovers());
}

TEST(Listing, SurvivesItsText) {
  const access::Listing both{{"Team", "役"}, {web, pay}};
  EXPECT_EQ(parse_listing(to_json(both)), both);
  EXPECT_EQ(parse_listing(to_json({})), access::Listing{});
  const ListedAccount broken{web.id, "\xff", {}};
  EXPECT_TRUE(parse_listing(to_json({{}, {broken}})).has_value()) << "what is no UTF-8 is replaced";
}

TEST(Listing, ThatIsNoneIsNotRead) {
  for (const char* text : {"", "[]", "{}", R"({"accounts":[]})", R"({"tags":[1],"accounts":[]})",
                           R"({"tags":[],"accounts":7})", R"({"tags":[],"accounts":[{"id":"x"}]})",
                           R"({"tags":[],"accounts":[{"id":"222233334444","tags":[]}]})",
                           R"({"tags":[],"accounts":[{"id":"222233334444","tags":{"a":1}}]})"})
    EXPECT_FALSE(parse_listing(text).has_value()) << text;
}

}  // namespace
}  // namespace ringi::aws
