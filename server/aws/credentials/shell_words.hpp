#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringi::aws {

// A command line as a POSIX shell splits it: blanks, '…', "…" and backslashes; nothing is expanded.
// nullopt: a quote or a backslash has no end.
std::optional<std::vector<std::string>> shell_words(std::string_view line);

}  // namespace ringi::aws
