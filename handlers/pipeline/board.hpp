#pragma once

#include "handlers/pipeline/place.hpp"
#include "handlers/ports/cards.hpp"

namespace ringi::pipeline {

// Where cards belong: in the account's channel. Where they may not stand there is the port's care.
class Board {
 public:
  explicit Board(ports::Cards& cards) : cards_(cards) {}

  Task<Result<void>> show(const access::Rules& rules, const Site& site, ExecutionRef ref,
                          message::Message card, ports::Cards::Priority priority);
  // Only where one stands already.
  Task<Result<void>> redraw(ExecutionRef ref, message::Message card);
  Task<Result<void>> line(ExecutionRef ref, std::string once, message::Text line);

 private:
  ports::Cards& cards_;
};

}  // namespace ringi::pipeline
