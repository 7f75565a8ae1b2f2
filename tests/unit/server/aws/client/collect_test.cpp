#include "server/aws/client/collect.hpp"

#include "tests/unit/server/aws/world.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ringi::aws {
namespace {

using nlohmann::json;
using test::answer;
using test::in_turn;

Result<net::Answer> page(std::vector<int> ids, const std::string& token) {
  json output{{"Accounts", json::array()}};
  for (const int id : ids) output["Accounts"].push_back({{"Id", std::to_string(id)}});
  if (!token.empty()) output["NextToken"] = token;
  return answer(200, output.dump(), {{"x-amzn-requestid", "req-" + token}});
}

class CollectTest : public test::World {
 protected:
  Result<Collected> collect_all(PageLimits limits = {}) {
    auto made = client();
    Invocation what{"organizations", "ListAccounts", *Region::parse("eu-west-1")};
    return run(collect(made, clock, nullptr, what, {{"MaxResults", 20}}, limits));
  }
  std::size_t accounts(const Result<Collected>& all) { return all->output.at("Accounts").size(); }
};

TEST_F(CollectTest, GoesOnToTheLastPage) {
  transport.reply = in_turn({page({1, 2}, "a"), page({}, "b"), page({3}, "")});
  const auto all = collect_all();
  EXPECT_EQ(accounts(all), 3U);
  EXPECT_FALSE(all->truncated);
  EXPECT_EQ(all->output.at("__request_id"), "req-a");
  ASSERT_EQ(transport.calls.size(), 3U);
  EXPECT_EQ(transport.calls[2].body, R"({"MaxResults":20,"NextToken":"b"})");
}

TEST_F(CollectTest, StopsAtItsBoundsAndSaysSo) {
  const auto endless = [n = 0](const net::Call&) mutable {
    ++n;
    return page({n, n}, "t" + std::to_string(n));
  };
  for (const auto& [limits, calls] :
       {std::pair{PageLimits{.pages = 3}, 3U}, std::pair{PageLimits{.results = 7}, 4U},
        std::pair{PageLimits{.bytes = 150}, 2U}}) {
    transport.calls.clear();
    transport.reply = endless;
    const auto all = collect_all(limits);
    EXPECT_TRUE(all->truncated);
    EXPECT_EQ(transport.calls.size(), calls);
    EXPECT_EQ(accounts(all), calls * 2);
  }
}

TEST_F(CollectTest, FailsAsAWholeWhereAPageFails) {
  transport.reply = in_turn({page({1}, "a"), answer(400, R"({"__type":"AccessDeniedException"})")});
  EXPECT_EQ(collect_all().error().service_code, "AccessDeniedException");
}

TEST_F(CollectTest, SaysThatThereIsMoreWhereItCannotPutTheResultsTogether) {
  transport.reply = in_turn({answer(200, R"({"usageStatistics":{},"nextToken":"t"})")});
  auto made = client();
  Invocation what{"guardduty", "GetUsageStatistics", *Region::parse("eu-west-1")};
  const json input{{"DetectorId", "d"},
                   {"UsageStatisticType", "SUM_BY_ACCOUNT"},
                   {"UsageCriteria", json::object()}};
  const auto all = run(collect(made, clock, nullptr, what, input));
  ASSERT_TRUE(all.has_value()) << all.error().log.text;
  EXPECT_TRUE(all->truncated);
  EXPECT_EQ(transport.calls.size(), 1U);
}

TEST_F(CollectTest, DoesNotTurnInACircle) {
  transport.reply = in_turn({page({1}, "a"), page({2}, "a")});
  EXPECT_EQ(collect_all().error().code, Errc::internal);
}

}  // namespace
}  // namespace ringi::aws
