#pragma once

#include "handlers/ports/together.hpp"

namespace ringi::runtime {

// ports::Together on the caller's executor, at most `at_once` side by side. One thread.
class Together final : public ports::Together {
 public:
  explicit Together(std::size_t at_once) : at_once_(at_once) {}
  Task<void> each(std::size_t count, std::function<Task<void>(std::size_t)> work) override;

 private:
  std::size_t at_once_;
};

}  // namespace ringi::runtime
