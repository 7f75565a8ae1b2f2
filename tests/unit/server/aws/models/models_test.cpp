#include "server/aws/models/models.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace ringi::aws {
namespace {

TEST(Models, AreReadForEveryServiceThatIsBuiltIn) {
  Models models;
  const auto names = service_names();
  EXPECT_GT(names.size(), 400U);
  for (const auto name : names) {
    const auto* model = models.find(name);
    ASSERT_NE(model, nullptr) << name;
    EXPECT_EQ(model->name, name);
    EXPECT_FALSE(model->operations.empty()) << name;
    EXPECT_FALSE(model->endpoint_prefix.empty()) << name;
    if (model->protocol == Protocol::json) EXPECT_FALSE(model->target_prefix.empty()) << name;
  }
}

TEST(Models, AreReadOnce) {
  Models models;
  EXPECT_EQ(models.find("ec2"), models.find("ec2"));
  EXPECT_EQ(models.find("no-such-service"), nullptr);
  EXPECT_EQ(models.find(""), nullptr);
}

TEST(Models, KnowTheOperationsThatRingiCalls) {
  Models models;
  const auto* start = models.find("codepipeline")->find("StartPipelineExecution");
  ASSERT_NE(start, nullptr);
  EXPECT_TRUE(start->input->find("clientRequestToken")->idempotency_token);
  EXPECT_TRUE(start->input->find("name")->required);
  EXPECT_FALSE(models.find("sns")->find("ConfirmSubscription") == nullptr);
  EXPECT_FALSE(models.find("sts")->find("AssumeRoleWithWebIdentity")->is_signed);
  EXPECT_EQ(models.find("ec2")->find("RunInstances"), nullptr)
      << "no write that ringi does not make";
}

TEST(Models, HoldTheShapesOfAnOperation) {
  Models models;
  const auto* ec2 = models.find("ec2");
  EXPECT_EQ(ec2->protocol, Protocol::ec2);
  EXPECT_EQ(ec2->id, "EC2");
  const auto* describe = ec2->find("DescribeInstances");
  ASSERT_NE(describe, nullptr);
  ASSERT_TRUE(describe->pages);
  EXPECT_EQ(describe->pages->input_tokens, std::vector<std::string_view>{"NextToken"});
  EXPECT_EQ(describe->pages->results, std::vector<std::string_view>{"Reservations"});
  const auto* ids = describe->input->find("InstanceIds");
  ASSERT_NE(ids, nullptr);
  EXPECT_EQ(ids->kind, Kind::list);
  EXPECT_EQ(ids->wire_name, "InstanceId");
  EXPECT_EQ(ids->shape->members.front().kind, Kind::string);
  const auto* reservations = describe->output->find("Reservations");
  const auto& reservation = *reservations->shape->members.front().shape;
  EXPECT_EQ(reservation.find("OwnerId")->on_wire(), "ownerId");
}

TEST(Models, AreNamedByTheVariablesOfEndpoints) {
  EXPECT_EQ(service_variable("Secrets Manager"), "SECRETS_MANAGER");
  EXPECT_TRUE(has_service_variable("SECRETS_MANAGER"));
  EXPECT_TRUE(has_service_variable("S3"));
  EXPECT_FALSE(has_service_variable("SECRETSMANAGER"));
}

struct Broken {
  const char* name;
  const char* text;
};
class BrokenFacts : public testing::TestWithParam<Broken> {};

TEST_P(BrokenFacts, AreRefusedWithTheirLine) {
  const auto text = std::string{"service s\nid S\nprotocol json\n"} + GetParam().text;
  const auto model = read_model(text);
  ASSERT_TRUE(model.has_error());
  EXPECT_EQ(model.error().code, Errc::internal);
  EXPECT_NE(model.error().log.text.find("about s"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Lines, BrokenFacts,
    testing::Values(Broken{"Word", "color blue\n"}, Broken{"Protocol", "protocol soap\n"},
                    Broken{"MissingShape", "operation Get GET / GetIn -\n"},
                    Broken{"Kind", "structure A\n B number\n"},
                    Broken{"Flag", "structure A\n B string shiny\n"},
                    Broken{"Location", "structure A\n B string in=cookie\n"},
                    Broken{"MemberOfNothing", " B string\n"}, Broken{"EmptyList", "list L\n"},
                    Broken{"HalfAMap", "map M\n key string\n"},
                    Broken{"Unsorted", "structure B\nstructure A\n"}, Broken{"EmptyLine", "\n"}),
    [](const auto& info) { return std::string{info.param.name}; });

}  // namespace
}  // namespace ringi::aws
