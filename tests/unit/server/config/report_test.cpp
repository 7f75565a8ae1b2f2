#include "server/config/report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ringi::config {
namespace {

const Problems problems = {
    {{"/c/ringi.toml", 7}, "aws.regon", "unknown key", "did you mean \"region\"?"}};
const Problems warnings = {{{"/c/ringi.toml", 0}, "", "a warning", ""}};

TEST(Report, SaysWhatWhereAndTheMendOnOneLine) {
  EXPECT_EQ(text_report(problems, warnings),
            "ringi: unknown key, /c/ringi.toml:7 aws.regon, did you mean \"region\"?\n"
            "ringi: warning: a warning, /c/ringi.toml\n");
}

TEST(Report, AsJsonHoldsTheSame) {
  const auto report = json_report(problems, warnings);
  EXPECT_FALSE(report.at("ok").get<bool>());
  EXPECT_EQ(report.at("problems").at(0).at("line"), 7);
  EXPECT_EQ(report.at("problems").at(0).at("key"), "aws.regon");
  EXPECT_EQ(report.at("warnings").at(0).at("what"), "a warning");
}

TEST(Report, WithWarningsAloneIsOk) {
  EXPECT_TRUE(json_report({}, warnings).at("ok").get<bool>());
}

TEST(Report, TakesAKeyThatIsNoUtf8) {
  const Problems odd = {{{"f", 1}, "\xff", "unknown key", ""}};
  EXPECT_NO_THROW(static_cast<void>(printed(json_report(odd, {}))));
}

}  // namespace
}  // namespace ringi::config
