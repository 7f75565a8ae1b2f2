#include "handlers/pipeline/notice.hpp"

#include "handlers/pipeline/chores.hpp"
#include "tests/unit/checkout.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>

namespace ringi::pipeline {
namespace {

using nlohmann::json;
using ringi::test::corpora;
using ringi::test::text_of_file;

std::optional<Chore> hint_in(const std::string& message) {
  return hint_of({Notification::Source::sns, "arn:aws:sns:sa-east-1:999988887777:ringi-events",
                  *AccountId::parse("999988887777"), *Region::parse("sa-east-1"), message});
}

// What aws-lambda-go and aws-lambda-java-libs keep as samples of what AWS sends.
TEST(Notice, LooksAtTheExecutionThatASampleOfCodePipelineNames) {
  if (!exists(corpora("events"))) GTEST_SKIP() << "no corpora";
  const PipelineRef pipeline{*AccountId::parse("123456789012"), *Region::parse("us-east-1"),
                             *PipelineName::parse("myPipeline")};
  const auto wanted =
      refresh_chore({pipeline, *ExecutionId::parse("01234567-0123-0123-0123-012345678901")});
  int of_pipelines = 0;
  for (const auto& entry : std::filesystem::directory_iterator{corpora("events")}) {
    SCOPED_TRACE(entry.path().filename().string());
    const auto hint = hint_in(text_of_file(entry.path()));
    if (!entry.path().filename().string().starts_with("codepipeline-")) {
      EXPECT_FALSE(hint);
      continue;
    }
    ++of_pipelines;
    ASSERT_TRUE(hint);
    EXPECT_EQ(hint->kind, wanted.kind);
    EXPECT_EQ(hint->key, wanted.key);
    EXPECT_EQ(json::parse(hint->payload), json::parse(wanted.payload));
  }
  EXPECT_EQ(of_pipelines, 3);
}

}  // namespace
}  // namespace ringi::pipeline
