#include "server/app/serve.hpp"

#include "server/app/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>
#include <sys/resource.h>

namespace ringi::app {
namespace {

constexpr int ok = 0, wrong = 2;

std::optional<Settings> read_settings(const std::string& file, const aws::Environment& environment,
                                      observe::Log log) {
  auto loaded = load_settings(file, environment, std::move(log));
  for (const auto& problem : loaded.problems)
    std::cerr << "ringi: " << config::to_text(problem) << "\n";
  return std::move(loaded.settings);
}

// A log whose reader went away must not end the server.
void outlive_the_log_reader() {
  std::signal(SIGPIPE, SIG_IGN);
}

// The caps on connections let more in than the usual soft limit of 1,024 files; the store and what
// is called would have none left. As many as the hard limit allows, within reason.
void allow_many_files() {
  constexpr rlim_t enough = 16384;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= enough) return;
  files.rlim_cur = std::min(files.rlim_max, enough);
  setrlimit(RLIMIT_NOFILE, &files);
}

int told(const std::exception& failure) {
  std::cerr << "ringi: " << failure.what() << "\n";
  return wrong;
}

}  // namespace

int serve(const ServeOptions& options) {
  outlive_the_log_reader();
  allow_many_files();
  try {
    const auto log = observe::make_log(options.log_level);
    auto environment = process_environment();
    auto settings = read_settings(options.config, environment, log);
    if (!settings) return wrong;
    boost::asio::io_context context{1};
    Server server{context, log, std::move(*settings), std::move(environment)};
    std::exception_ptr failure;
    boost::asio::co_spawn(context, server.run(),
                          [&failure](std::exception_ptr thrown) { failure = thrown; });
    context.run();
    if (failure) std::rethrow_exception(failure);
    return ok;
  } catch (const std::exception& failure) {
    return told(failure);
  }
}

}  // namespace ringi::app
