#include "server/slack/names.hpp"

#include "tests/unit/server/slack/way_out.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ringi::slack {
namespace {

using namespace test;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NamesTest : public ::testing::Test, public World {
 protected:
  void slack_has(const std::vector<json>& channels, const std::vector<json>& groups) {
    transport.always.insert_or_assign("conversations.list", ok({{"channels", channels}}));
    transport.always.insert_or_assign("usergroups.list", ok({{"usergroups", groups}}));
  }
  const json deploys = {{"id", "C1"}, {"name", "deploys"}};
  const json leads = {{"id", "S1"}, {"handle", "web-leads"}};
  const ConfiguredNames names{.channels = {"#deploys", "C77", "#gone"},
                              .groups = {"web-leads", "nobody"}};
};

TEST_F(NamesTest, ResolvesNamesAndTakesIdsAsTheyAre) {
  slack_has({deploys}, {leads});
  const auto result = run(resolve_names(api, copies, names));
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->channels.at("#deploys").str(), "C1");
  EXPECT_EQ(result->channels.at("C77").str(), "C77");
  EXPECT_EQ(result->groups.at("web-leads").str(), "S1");
  EXPECT_THAT(result->unresolved, ElementsAre("#gone", "@nobody"));
  EXPECT_THAT(result->moved, IsEmpty());
}

TEST_F(NamesTest, WorksFromPinsWhenSlackIsAway) {
  slack_has({deploys}, {leads});
  EXPECT_TRUE(run(resolve_names(api, copies, names)).has_value());
  transport.always.insert_or_assign("conversations.list", answer(503, ""));
  transport.always.insert_or_assign("usergroups.list", answer(503, ""));
  const auto result = run(resolve_names(api, copies, names));
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->channels.at("#deploys").str(), "C1");
  EXPECT_EQ(result->groups.at("web-leads").str(), "S1");
  EXPECT_EQ(result->unasked.size(), 2U);
  const auto calls = transport.calls.size();
  EXPECT_EQ(run(pinned_names(copies, names))->channels.size(), 2U);
  EXPECT_EQ(transport.calls.size(), calls);
}

TEST_F(NamesTest, ARenamedChannelKeepsItsPin) {
  slack_has({deploys}, {leads});
  EXPECT_TRUE(run(resolve_names(api, copies, names)).has_value());
  slack_has({{{"id", "C1"}, {"name", "releases"}}}, {leads});
  const auto result = run(resolve_names(api, copies, names));
  EXPECT_EQ(result->channels.at("#deploys").str(), "C1");
  EXPECT_THAT(result->moved, ElementsAre("#deploys"));
}

TEST_F(NamesTest, NobodyTakesOverAHandleWhileItsGroupLives) {
  slack_has({deploys}, {leads});
  EXPECT_TRUE(run(resolve_names(api, copies, names)).has_value());
  slack_has({deploys},
            {{{"id", "S1"}, {"handle", "old-leads"}}, {{"id", "S666"}, {"handle", "web-leads"}}});
  const auto result = run(resolve_names(api, copies, names));
  EXPECT_EQ(result->groups.at("web-leads").str(), "S1");
  EXPECT_THAT(result->moved, ElementsAre("@web-leads"));
}

TEST_F(NamesTest, ANameWhosePinnedChannelIsGoneIsResolvedAnew) {
  slack_has({deploys}, {leads});
  EXPECT_TRUE(run(resolve_names(api, copies, names)).has_value());
  slack_has({{{"id", "C2"}, {"name", "deploys"}}}, {leads});
  EXPECT_EQ(run(resolve_names(api, copies, names))->channels.at("#deploys").str(), "C2");
  EXPECT_EQ(run(pinned_names(copies, names))->channels.at("#deploys").str(), "C2");
}

TEST_F(NamesTest, WhatVanishedIsUnresolvedAndItsPinFalls) {
  slack_has({deploys}, {leads});
  EXPECT_TRUE(run(resolve_names(api, copies, names)).has_value());
  slack_has({deploys}, {});
  const auto result = run(resolve_names(api, copies, names));
  EXPECT_FALSE(result->groups.contains("web-leads"));
  EXPECT_THAT(result->unresolved, testing::Contains("@web-leads"));
  EXPECT_FALSE(run(pinned_names(copies, names))->groups.contains("web-leads"));
}

TEST_F(NamesTest, AGroupOfOursThatSlackHasTooIsNamed) {
  slack_has({deploys}, {leads});
  const ConfiguredNames own{.channels = {}, .groups = {}, .own_groups = {"web-leads", "ours"}};
  EXPECT_THAT(run(resolve_names(api, copies, own))->clashing, ElementsAre("@web-leads"));
  EXPECT_THAT(run(pinned_names(copies, own))->clashing, IsEmpty());
}

TEST_F(NamesTest, IdsAloneNeedNoSlack) {
  EXPECT_TRUE(run(resolve_names(api, copies, {.channels = {"C77"}, .groups = {}})).has_value());
  EXPECT_TRUE(transport.calls.empty());
}

}  // namespace
}  // namespace ringi::slack
