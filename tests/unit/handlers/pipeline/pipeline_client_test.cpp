#include "handlers/pipeline/pipeline_client.hpp"

#include "tests/unit/handlers/fakes/house.hpp"

#include <gtest/gtest.h>

namespace ringi::pipeline {
namespace {

using fakes::House;

struct ClientTest : testing::Test {
  fakes::FakeCodePipeline aws;
  PipelineClient client{aws};
  ExecutionRef ref = House::ref(aws.begin("").id);

  ports::IamActions asked_for() const {
    ports::IamActions all;
    for (const auto& [operation, calls] : aws.asked) all.insert("codepipeline:" + operation);
    return all;
  }
};

TEST_F(ClientTest, reads_share_a_session_that_may_do_all_of_them_and_nothing_else) {
  EXPECT_TRUE(fakes::run(client.read(ref)));
  EXPECT_TRUE(fakes::run(client.approval_timeouts(ref.pipeline, 0)));
  EXPECT_TRUE(fakes::run(client.executions(ref.pipeline, 5)));
  EXPECT_TRUE(fakes::run(client.pipelines(ref.pipeline.account, ref.pipeline.region)));
  ASSERT_EQ(aws.sessions.size(), 1U);
  EXPECT_EQ(aws.sessions.begin()->first, asked_for());
  EXPECT_EQ(aws.sessions.begin()->second, "");
}

TEST_F(ClientTest, a_write_has_a_session_of_its_person_that_may_do_it_alone) {
  const StartOrder order{.pipeline = ref.pipeline, .request_token = "t"};
  EXPECT_TRUE(fakes::run(client.start(order, fakes::taro())));
  const ApprovalResult approved{.pipeline = ref.pipeline, .token = aws.runs[0].token};
  EXPECT_TRUE(fakes::run(client.decide(approved, fakes::hanako())));
  const std::set<std::pair<ports::IamActions, std::string>> expected{
      {{"codepipeline:StartPipelineExecution"}, fakes::taro().str()},
      {{"codepipeline:PutApprovalResult"}, fakes::hanako().str()}};
  EXPECT_EQ(aws.sessions, expected);
}

}  // namespace
}  // namespace ringi::pipeline
