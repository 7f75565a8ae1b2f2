#pragma once

#include "handlers/types/result.hpp"

#include <functional>
#include <optional>
#include <string>

namespace ringi::aws {

// A whole file, or nullopt where it is not there or cannot be read: AWS's tools pass over both.
using ReadFile = std::function<std::optional<std::string>(const std::string& path)>;
// Replaces a file at once, readable by its owner alone.
using ReplaceFile = std::function<Result<void>(const std::string& path, const std::string& text)>;

// Of the system; blocking, for small files. Thread-safe.
std::optional<std::string> read_file(const std::string& path);
Result<void> replace_file(const std::string& path, const std::string& text);

}  // namespace ringi::aws
