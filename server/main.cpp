#include "server/cli/command_line.hpp"

#include <curl/curl.h>

#include <csignal>
#include <iostream>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace {

// Secrets are in memory: no core file, no reading by other processes of the same user.
void allow_no_core_dump() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

// Whoever started ringi may have ignored the end of children, which goes on across an exec: then
// nobody is told how a program ended that was asked for credentials.
void be_told_of_children() {
  std::signal(SIGCHLD, SIG_DFL);
}

}  // namespace

int main(int argc, char** argv) {
  allow_no_core_dump();
  be_told_of_children();
  curl_global_init(CURL_GLOBAL_DEFAULT);  // before the first thread
  try {
    return ringi::cli::run(argc, argv);
  } catch (const std::exception& failure) {
    std::cerr << "ringi: " << failure.what() << "\n";
    return 2;
  }
}
