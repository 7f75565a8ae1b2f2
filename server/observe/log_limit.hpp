#pragma once

#include "handlers/types/time.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ringi::observe {

// What strangers can cause must not fill the disk: of each reason so many lines a minute, the rest
// are counted. Reasons are our own words, so there are few. On one thread.
class LogLimit {
 public:
  explicit LogLimit(int per_minute = 20) : per_minute_(per_minute) {}

  // How many were kept back since the last line of this reason; nullopt: keep this one back too.
  std::optional<int> pass(std::string_view reason, Time now);

 private:
  struct Minute {
    Time begun;
    int said = 0;
    int kept_back = 0;
  };

  int per_minute_;
  std::map<std::string, Minute, std::less<>> reasons_;
};

}  // namespace ringi::observe
