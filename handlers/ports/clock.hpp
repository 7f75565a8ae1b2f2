#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/time.hpp"

namespace ringi::ports {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

// Ids that nobody can guess and that sort by time (ULID).
class Ids {
 public:
  virtual ~Ids() = default;
  virtual OpaqueId next() = 0;
};

}  // namespace ringi::ports
