#include "server/runtime/program.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

// posix_spawn, not Boost.Process: of Boost 1.81's, the first version wants SIGCHLD for itself, and
// the second one is not finished.
namespace ringi::runtime {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
constexpr auto try_await = asio::as_tuple(asio::use_awaitable);

std::string reason(int code) {
  return std::error_code{code, std::system_category()}.message();
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Both ends close at an exec: what another thread starts meanwhile does not inherit them.
struct Pipe {
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;  // and both are -1
    read = ends[0];
    write = ends[1];
  }
  Pipe(const Pipe&) = delete;
  ~Pipe() {
    if (read >= 0) ::close(read);
    if (write >= 0) ::close(write);
  }
  void close_write() { ::close(std::exchange(write, -1)); }
  void release_read() { read = -1; }

  int read = -1;
  int write = -1;
};

struct Actions {
  Actions(const Pipe& output, const Pipe& errors) {
    posix_spawn_file_actions_init(&all);
    posix_spawn_file_actions_addopen(&all, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&all, output.write, 1);
    posix_spawn_file_actions_adddup2(&all, errors.write, 2);
    posix_spawn_file_actions_addclosefrom_np(&all, 3);
  }
  Actions(const Actions&) = delete;
  ~Actions() { posix_spawn_file_actions_destroy(&all); }
  posix_spawn_file_actions_t all;
};

// A group of its own, so that all of it can be killed, and no signal blocked or ignored.
struct Attributes {
  Attributes() {
    sigset_t none;
    sigset_t every;
    sigemptyset(&none);
    sigfillset(&every);
    posix_spawnattr_init(&all);
    posix_spawnattr_setpgroup(&all, 0);
    posix_spawnattr_setsigmask(&all, &none);
    posix_spawnattr_setsigdefault(&all, &every);
    posix_spawnattr_setflags(
        &all, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  Attributes(const Attributes&) = delete;
  ~Attributes() { posix_spawnattr_destroy(&all); }
  posix_spawnattr_t all;
};

// A started program; killed and buried with the object, unless it has ended.
class Child {
 public:
  Child(asio::any_io_executor executor, pid_t pid) : pid_(pid), end_(executor) {
    const auto handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
    if (handle < 0) {
      unobservable_ = {errno, boost::system::system_category()};
      return;
    }
    end_.assign(handle, unobservable_);
    if (unobservable_) ::close(handle);
  }
  Child(const Child&) = delete;
  ~Child() {
    if (pid_ < 0) return;
    kill();
    // It dies at once, unless the kernel holds it; then a dead process in the table is less harm
    // than a thread that waits for it.
    pollfd end{.fd = end_.native_handle(), .events = POLLIN, .revents = 0};
    for (int tries = 0; pid_ >= 0 && tries < 100; ++tries) {
      constexpr int patience_ms = 10;
      ::poll(&end, 1, patience_ms);
      bury();
    }
  }

  // With what it started, as far as that stayed in its group.
  void kill() const {
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
  }

  // Why its end cannot be waited for.
  const boost::system::error_code& unobservable() const { return unobservable_; }

  // nullopt: somebody else was told how it ended.
  Task<std::optional<int>> status() {
    co_await end_.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    co_return bury();
  }

 private:
  // nullopt: it has not ended, or somebody else was told how.
  std::optional<int> bury() {
    siginfo_t how{};
    const bool told = ::waitid(P_PID, static_cast<id_t>(pid_), &how, WEXITED | WNOHANG) == 0;
    if (told && how.si_pid == 0) return std::nullopt;
    pid_ = -1;  // its number may be another's now
    if (!told) return std::nullopt;
    return how.si_code == CLD_EXITED ? how.si_status : 128 + how.si_status;
  }

  pid_t pid_;
  asio::posix::stream_descriptor end_;  // readable when the program has ended
  boost::system::error_code unobservable_;
};

Result<pid_t> start(Program& program, const Pipe& output, const Pipe& errors) {
  const Actions actions{output, errors};
  const Attributes attributes;
  auto command = pointers_to(program.command);
  auto environment = pointers_to(program.environment);
  pid_t pid = -1;
  const int failed = ::posix_spawnp(&pid, command.front(), &actions.all, &attributes.all,
                                    command.data(), environment.data());
  if (failed != 0) return error(Errc::unavailable, program.command.front() + ": " + reason(failed));
  return pid;
}

// nullopt: there was more than `limit`, and the child is dead.
Task<std::optional<std::string>> read_all(asio::readable_pipe& pipe, std::size_t limit,
                                          const Child& child) {
  std::string text;
  const auto [failure, size] =
      co_await asio::async_read(pipe, asio::dynamic_buffer(text, limit), try_await);
  if (failure) co_return text;
  child.kill();
  co_return std::nullopt;
}

Task<Result<Ended>> watch(Child& child, asio::readable_pipe& output, asio::readable_pipe& errors,
                          const Program& program) {
  auto [text, complaint] = co_await (read_all(output, program.max_output, child) &&
                                     read_all(errors, program.max_output, child));
  if (!text || !complaint)
    co_return error(Errc::unavailable, program.command.front() + ": too much output");
  const auto status = co_await child.status();
  if (!status) co_return error(Errc::unavailable, program.command.front() + ": its status is lost");
  co_return Ended{*status, *std::move(text), *std::move(complaint)};
}

}  // namespace

Task<Result<Ended>> run_program(Program program) {
  const auto executor = co_await asio::this_coro::executor;
  Pipe output;
  Pipe errors;
  if (output.read < 0 || errors.read < 0)
    co_return error(Errc::unavailable, program.command.front() + ": " + reason(errno));
  // What may throw for want of files comes before there is a child to lose.
  asio::readable_pipe from_output{executor, output.read};
  output.release_read();
  asio::readable_pipe from_errors{executor, errors.read};
  errors.release_read();
  asio::steady_timer timer{executor};
  const auto pid = start(program, output, errors);
  if (pid.has_error()) co_return pid.error();
  Child child{executor, *pid};
  if (const auto& why = child.unobservable())
    co_return error(Errc::unavailable,
                    program.command.front() + ": cannot be waited for: " + why.message());
  output.close_write();
  errors.close_write();
  timer.expires_after(program.limit);
  auto raced = co_await (watch(child, from_output, from_errors, program) ||
                         timer.async_wait(asio::use_awaitable));
  if (raced.index() == 1)
    co_return error(Errc::timeout, program.command.front() + ": did not end in time");
  co_return std::get<0>(std::move(raced));
}

}  // namespace ringi::runtime
