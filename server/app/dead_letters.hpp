#pragma once

#include "server/app/slack_side.hpp"

#include <map>

namespace ringi::app {

// Tells the operators of work that failed for good: the first of a kind at once, then no more often
// than every 10 minutes, with the number of those in between. On the I/O thread.
class DeadLetters {
 public:
  DeadLetters(World& world, ports::Slack& slack) : world_(world), slack_(slack) {}

  void add(const Delivery& delivery, const Error& why);

 private:
  struct Told {
    Time at;
    int silent = 0;
  };

  World& world_;
  ports::Slack& slack_;
  std::map<std::string, Told> kinds_;
};

}  // namespace ringi::app
