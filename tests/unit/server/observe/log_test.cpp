#include "server/observe/log.hpp"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace ringi::observe {
namespace {

TEST(Log, KeepsWhatOthersSaidInOneLine) {
  testing::internal::CaptureStderr();
  const auto log = make_log("info");
  log->warn("call failed error=\"{}\"",
            "no\r\n2026-11-26T00:00:00.000Z info approved\t\x1b[2J\x7f \xc2\x9b 2J 本番 ©");
  const auto text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::ranges::count(text, '\n'), 1);
  EXPECT_NE(
      text.find(
          R"(no\x0d\x0a2026-11-26T00:00:00.000Z info approved\x09\x1b[2J\x7f \xc2\x9b 2J 本番 ©")"),
      text.npos)
      << text;
}

}  // namespace
}  // namespace ringi::observe
