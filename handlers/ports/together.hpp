#pragma once

#include "handlers/types/task.hpp"

#include <cstddef>
#include <functional>

namespace ringi::ports {

// The same work for many things, a bounded number of them side by side: one that is slow keeps
// nobody else waiting.
class Together {
 public:
  virtual ~Together() = default;
  // work(0) … work(count - 1), each once, in this order of beginning; returns when all have ended.
  // An exception ends what has begun, begins nothing more, and passes through.
  virtual Task<void> each(std::size_t count, std::function<Task<void>(std::size_t)> work) = 0;
};

}  // namespace ringi::ports
