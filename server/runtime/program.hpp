#pragma once

#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "handlers/types/time.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace ringi::runtime {

struct Program {
  std::vector<std::string> command;      // the first is looked up in PATH; no shell
  std::vector<std::string> environment;  // "NAME=value"
  Duration limit;                        // then it is killed, with what it started
  std::size_t max_output = 64 << 10;     // of each of its two outputs; then it is killed too
};

struct Ended {
  int status = 0;  // its exit status; 128 and the signal where one ended it
  std::string output;
  std::string errors;
};

// Runs a program without input, and waits for its end without holding the thread. Cancelling kills
// it. Errors: unavailable (it cannot be started, or says too much), timeout.
Task<Result<Ended>> run_program(Program program);

using RunProgram = std::function<Task<Result<Ended>>(Program)>;

}  // namespace ringi::runtime
