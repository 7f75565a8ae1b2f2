#include "server/runtime/program.hpp"

#include "server/runtime/tasks.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <optional>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace ringi::runtime {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Program program(std::vector<std::string> command, Duration limit = 30s) {
  return {.command = std::move(command), .environment = {"PATH=/usr/bin:/bin"}, .limit = limit};
}

Program shell(std::string script, Duration limit = 30s) {
  return program({"sh", "-c", std::move(script)}, limit);
}

Result<Ended> ran(
    Program what, const std::function<void()>& before = [] {}) {
  boost::asio::io_context context{1};
  std::optional<Result<Ended>> out;
  const auto work = [&]() -> Task<> {
    const boost::asio::steady_timer first{context};  // what it brings along is there in a server
    before();
    auto ended = co_await run_program(std::move(what));
    out.emplace(std::move(ended));
  };
  boost::asio::co_spawn(context, work, [](std::exception_ptr failure) {
    if (failure) std::rethrow_exception(failure);
  });
  context.run();
  return *out;
}

bool has_children() {
  return ::waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD;
}

TEST(Programs, GiveTheirOutputsAndStatus) {
  const auto ended = ran(shell("echo said; echo complained >&2; exit 3"));
  ASSERT_TRUE(ended) << ended.error().log.text;
  EXPECT_EQ(ended->output, "said\n");
  EXPECT_EQ(ended->errors, "complained\n");
  EXPECT_EQ(ended->status, 3);
  EXPECT_FALSE(has_children());
}

TEST(Programs, TellOfTheSignalThatEndedThem) {
  EXPECT_EQ(ran(shell("kill -KILL $$"))->status, 128 + SIGKILL);
}

TEST(Programs, AreRunWithoutAShell) {
  EXPECT_EQ(ran(program({"echo", "$HOME; exit 1", "*"}))->output, "$HOME; exit 1 *\n");
}

TEST(Programs, HaveNoInputNoOtherVariablesAndNoOtherFiles) {
  EXPECT_EQ(ran(shell("cat"))->output, "");
  EXPECT_EQ(ran(program({"env"}))->output, "PATH=/usr/bin:/bin\n");
  EXPECT_EQ(ran(program({"ls", "/proc/self/fd"}))->output, "0\n1\n2\n3\n");
}

TEST(Programs, HaveNoSignalIgnored) {
  ::signal(SIGPIPE, SIG_IGN);  // NOLINT(cert-err33-c): restored below
  const auto ended = ran(shell("grep SigIgn /proc/self/status"));
  ::signal(SIGPIPE, SIG_DFL);  // NOLINT(cert-err33-c)
  const auto ignored = std::stoull(ended->output.substr(ended->output.find(':') + 1), nullptr, 16);
  EXPECT_EQ(ignored & (1ULL << (SIGPIPE - 1)), 0U);
}

// Nobody is told then how a child ended: that must not look like success.
TEST(Programs, WhoseStatusIsLostAreAnError) {
  ::signal(SIGCHLD, SIG_IGN);  // NOLINT(cert-err33-c): restored below
  const auto ended = ran(shell("exit 3"));
  ::signal(SIGCHLD, SIG_DFL);  // NOLINT(cert-err33-c)
  EXPECT_EQ(ended.error().code, Errc::unavailable);
}

TEST(Programs, ThatAreNotThereAreAnError) {
  const auto ended = ran(program({"/nowhere/program"}));
  EXPECT_EQ(ended.error().code, Errc::unavailable);
  EXPECT_THAT(ended.error().log.text, HasSubstr("/nowhere/program: No such file"));
  EXPECT_FALSE(has_children());
}

// A server that has used up its files: `left` more may be opened meanwhile.
class FewFiles {
 public:
  explicit FewFiles(int left) {
    int top = 0;
    for (int file = 0; file < 1024; ++file)
      if (::fcntl(file, F_GETFD) >= 0) top = file;
    int next = ::dup(0);
    for (; next < top; next = ::dup(0)) gaps_.push_back(next);
    ::close(next);
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit few{static_cast<rlim_t>(next + left), before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
  }
  FewFiles(const FewFiles&) = delete;
  ~FewFiles() {
    ::setrlimit(RLIMIT_NOFILE, &before_);
    for (const int gap : gaps_) ::close(gap);
  }

 private:
  rlimit before_{};
  std::vector<int> gaps_;
};

TEST(Programs, ThatCannotBeListenedToOrWaitedForAreAnErrorAndLeaveNothing) {
  for (int left = 0; left <= 4; ++left) {
    std::optional<FewFiles> few;
    const auto ended = ran(shell("sleep 600"), [&] { few.emplace(left); });
    few.reset();
    ASSERT_TRUE(ended.has_error()) << left;
    EXPECT_EQ(ended.error().code, Errc::unavailable);
    EXPECT_THAT(ended.error().log.text, HasSubstr("Too many open files")) << left;
    EXPECT_FALSE(has_children()) << left;
  }
}

TEST(Programs, AreKilledWithWhatTheyStartedAtTheirLimit) {
  const auto ended = ran(shell("sleep 600 & sleep 600", 50ms));
  EXPECT_EQ(ended.error().code, Errc::timeout);
  EXPECT_FALSE(has_children());
}

// A stop is no failure, and leaves nothing running.
TEST(Programs, EndWithWhoeverIsCancelled) {
  boost::asio::io_context context{1};
  int failures = 0;
  TaskGroup tasks{context.get_executor(),
                  [&](const std::string&, std::exception_ptr) { ++failures; }};
  const auto work = []() -> Task<> { static_cast<void>(co_await run_program(shell("sleep 600"))); };
  tasks.spawn("program", work());
  boost::asio::post(context, [&] { tasks.cancel(); });
  context.run();
  EXPECT_EQ(failures, 0);
  EXPECT_FALSE(has_children());
}

TEST(Programs, AreNotListenedToForEver) {
  auto talker = shell("while :; do echo more; done", 30s);
  talker.max_output = 1000;
  const auto ended = ran(std::move(talker));
  EXPECT_EQ(ended.error().code, Errc::unavailable);
  EXPECT_FALSE(has_children());
}

}  // namespace
}  // namespace ringi::runtime
