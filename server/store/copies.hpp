#pragma once

#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "handlers/types/time.hpp"

#include <optional>
#include <string>

namespace ringi::store {

// Copies of what others own, with the time at which they said so: people ("person", U…), group
// members ("group", S…), resolved names ("channel-name", "#deploys"), where a person is spoken to
// alone ("direct-message", U…), SNS certificates ("certificate", URL).
struct Copy {
  std::string value;  // JSON text or PEM
  Time as_of;
};

class Copies {
 public:
  virtual ~Copies() = default;
  virtual Task<Result<std::optional<Copy>>> get(std::string kind, std::string key) = 0;
  virtual Task<Result<void>> put(std::string kind, std::string key, std::string value) = 0;
  virtual Task<Result<void>> drop(std::string kind, std::string key) = 0;
  // All of a kind that were put before that moment.
  virtual Task<Result<void>> drop_older(std::string kind, Time than) = 0;
};

}  // namespace ringi::store
