#pragma once

#include "handlers/types/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ringi::config {

// The file system, as far as a configuration needs it. Blocking: used before the server runs and,
// on a reload, from a thread that may wait.
class Files {
 public:
  virtual ~Files() = default;
  virtual Result<std::string> read(const std::string& path) = 0;
  // The files that fit a shell pattern, in order of name; a pattern without "*", "?" or "[" is a
  // name.
  virtual std::vector<std::string> matching(const std::string& pattern) = 0;
  virtual bool readable_by_everyone(const std::string& path) = 0;
};

// At most 1 MiB a file: a configuration, a key or a token is never larger.
class SystemFiles : public Files {
 public:
  Result<std::string> read(const std::string& path) override;
  std::vector<std::string> matching(const std::string& pattern) override;
  bool readable_by_everyone(const std::string& path) override;
};

// Looks up a variable of the environment; nullopt where it is not set.
using Variables = std::function<std::optional<std::string>(const std::string& name)>;
Variables process_variables();

// `path` where it is absolute, else `path` seen from the folder of `main_file`.
std::string beside(const std::string& main_file, const std::string& path);

}  // namespace ringi::config
