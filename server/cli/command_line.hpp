#pragma once

namespace ringi::cli {

// Parses the arguments and runs the subcommand; the exit code: 0 ok, 1 the thing checked is not ok,
// 2 wrong usage or configuration.
int run(int argc, char** argv);

}  // namespace ringi::cli
