#pragma once

#include <string>
#include <utility>

namespace ringi::config {

// A value that cannot be printed: no operator<<, no formatter, no comparison, wiped when it dies.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(const Secret&) = default;
  Secret(Secret&&) noexcept = default;
  Secret& operator=(const Secret&) = default;
  Secret& operator=(Secret&&) noexcept = default;
  ~Secret();

  // REQUIRES: the caller puts it where it belongs (a header, a key) and nowhere else.
  const std::string& reveal() const { return value_; }
  bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

}  // namespace ringi::config
