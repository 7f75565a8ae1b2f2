#include "server/aws/organization/list_accounts.hpp"

#include "tests/unit/server/aws/world.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace ringi::aws {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using test::answer;

// An organization that answers what is asked, by operation and parent.
class ListAccountsTest : public test::World {
 protected:
  void SetUp() override {
    transport.reply = [this](const net::Call& call) {
      auto operation = test::header_of(call, "X-Amz-Target");
      operation.erase(0, operation.find('.') + 1);
      const auto input = json::parse(call.body);
      const auto subject = input.value("ParentId", input.value("ResourceId", ""));
      asked.push_back(operation + (subject.empty() ? "" : " " + subject));
      const auto refusal = refusals.find(asked.back());
      if (refusal != refusals.end())
        return answer(400, json{{"__type", refusal->second}, {"message", "no"}}.dump());
      const auto found = answers.find(asked.back());
      return answer(200, found == answers.end() ? "{}" : found->second.dump());
    };
  }
  void account(const std::string& id, json more = {{"State", "ACTIVE"}}) {
    more["Id"] = id;
    more["Name"] = "account-" + id.substr(0, 2);
    answers["ListAccounts"]["Accounts"].push_back(std::move(more));
  }
  Result<std::vector<access::ListedAccount>> list(std::vector<std::string> exclude = {}) {
    const OrganizationPlan plan{.tags = {"Team", "Environment"}, .exclude = std::move(exclude)};
    auto made = client();
    OrganizationReader reader{.client = made,
                              .clock = clock,
                              .session = nullptr,
                              .region = *Region::parse("ap-northeast-1"),
                              .log = log,
                              .sleep = [this](Duration pause) -> Task<> {
                                pauses.push_back(pause);
                                clock.time += pause;
                                co_return;
                              }};
    return run(list_accounts(std::move(reader), plan));
  }
  std::set<std::string> ids(const Result<std::vector<access::ListedAccount>>& accounts) {
    std::set<std::string> found;
    EXPECT_TRUE(accounts.has_value());
    if (accounts)
      for (const auto& one : *accounts) found.insert(one.id.str());
    return found;
  }
  using Ids = std::set<std::string>;

  std::map<std::string, json> answers;
  std::map<std::string, std::string> refusals;  // question -> code
  std::vector<std::string> asked;
};

TEST_F(ListAccountsTest, ReadsNamesAndTags) {
  account("222233334444");
  answers["ListTagsForResource 222233334444"]["Tags"] = {{{"Key", "Team"}, {"Value", "web"}},
                                                         {{"Key", "Environment"}, {"Value", ""}},
                                                         {{"Key", "CostCenter"}, {"Value", "42"}}};
  const auto accounts = list();
  ASSERT_TRUE(accounts.has_value());
  ASSERT_EQ(accounts->size(), 1u);
  EXPECT_EQ(accounts->front().name, "account-22");
  EXPECT_EQ(accounts->front().tags,
            (std::map<std::string, std::string>{{"Environment", ""}, {"Team", "web"}}));
}

TEST_F(ListAccountsTest, AsksTheServicesOneHome) {
  account("222233334444");
  list();
  EXPECT_EQ(transport.calls.at(0).url, "https://organizations.us-east-1.amazonaws.com/");
}

struct Life {
  const char* name;
  json says;
  bool active;
};

class Activity : public ListAccountsTest, public testing::WithParamInterface<Life> {};

TEST_P(Activity, IsOfStateBeforeStatus) {
  account("222233334444", GetParam().says);
  EXPECT_EQ(ids(list()), GetParam().active ? Ids{"222233334444"} : Ids{});
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Activity,
    testing::Values(
        Life{"state_alone", {{"State", "ACTIVE"}}, true},
        Life{"status_alone", {{"Status", "ACTIVE"}}, true},
        Life{"closed", {{"State", "CLOSED"}, {"Status", "SUSPENDED"}}, false},
        Life{"state_decides", {{"State", "PENDING_CLOSURE"}, {"Status", "ACTIVE"}}, false},
        Life{"not_yet", {{"State", "PENDING_ACTIVATION"}}, false},
        Life{"suspended_of_old", {{"Status", "SUSPENDED"}}, false},
        Life{"neither", json::object(), false},
        Life{"a_state_of_the_future", {{"State", "FROZEN"}}, false}),
    [](const auto& info) { return std::string{info.param.name}; });

TEST_F(ListAccountsTest, LeavesOutWhatStandsBelowAnExcludedUnit) {
  account("111111111111", {{"State", "ACTIVE"}, {"Paths", {"o-a/r-b/ou-b-grave/ou-b-deep/1/"}}});
  account("222222222222", {{"State", "ACTIVE"}, {"Paths", {"o-a/r-b/ou-b-work/2/"}}});
  account("333333333333", {{"State", "ACTIVE"}, {"Paths", {"o-a/r-b/ou-b-graveyard/3/"}}});
  EXPECT_EQ(ids(list({"ou-b-grave"})), (Ids{"222222222222", "333333333333"}));
  EXPECT_EQ(std::ranges::count(asked, "ListAccountsForParent ou-b-grave"), 0)
      << "the paths say it all";
}

TEST_F(ListAccountsTest, WalksTheUnitsWhereAwsGivesNoPaths) {
  for (const char* id : {"111111111111", "222222222222", "333333333333"}) account(id);
  answers["ListOrganizationalUnitsForParent ou-b-grave"]["OrganizationalUnits"] = {
      {{"Id", "ou-b-deep"}}};
  answers["ListAccountsForParent ou-b-grave"]["Accounts"] = {{{"Id", "111111111111"}}};
  answers["ListAccountsForParent ou-b-deep"]["Accounts"] = {{{"Id", "222222222222"}}};
  EXPECT_EQ(ids(list({"ou-b-grave"})), Ids{"333333333333"});
  EXPECT_EQ(std::ranges::count(asked, "ListTagsForResource 111111111111"), 0)
      << "no call for what is left out";
}

TEST_F(ListAccountsTest, LeavesOutAnExcludedAccount) {
  account("111111111111");
  account("222222222222");
  EXPECT_EQ(ids(list({"111111111111"})), Ids{"222222222222"});
}

TEST_F(ListAccountsTest, SaysThatAnExcludedUnitIsNotThere) {
  account("111111111111");
  refusals["ListAccountsForParent ou-b-nowhere"] = "ParentNotFoundException";
  EXPECT_EQ(ids(list({"ou-b-nowhere"})), Ids{"111111111111"});
  EXPECT_NE(logged.str().find("ou-b-nowhere"), std::string::npos);
}

TEST_F(ListAccountsTest, LeavesOutAnAccountThatWasClosedMeanwhile) {
  account("111111111111");
  account("222222222222");
  refusals["ListTagsForResource 111111111111"] = "TargetNotFoundException";
  EXPECT_EQ(ids(list()), Ids{"222222222222"});
}

TEST_F(ListAccountsTest, FailsAsAWholeRatherThanForgetTags) {
  account("111111111111");
  account("222222222222");
  refusals["ListTagsForResource 222222222222"] = "AccessDeniedException";
  const auto accounts = list();
  ASSERT_TRUE(accounts.has_error());
  EXPECT_EQ(accounts.error().service_code, "AccessDeniedException");
}

TEST_F(ListAccountsTest, WaitsBetweenTwoCallsAndLongerWhenItIsThrottled) {
  account("111111111111");
  list();
  EXPECT_EQ(pauses, (std::vector<Duration>{200ms, 200ms}));
  pauses.clear();
  refusals["ListAccounts"] = "TooManyRequestsException";
  EXPECT_EQ(list().error().code, Errc::limited);
  EXPECT_EQ(std::ranges::count(pauses, Duration{5s}), 5) << "then the whole listing is given up";
}

TEST_F(ListAccountsTest, TakesNoneAtAllForNoAnswer) {
  EXPECT_EQ(list().error().code, Errc::unavailable) << "the management account is always there";
}

}  // namespace
}  // namespace ringi::aws
