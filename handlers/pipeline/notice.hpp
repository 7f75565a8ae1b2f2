#pragma once

#include "handlers/ports/clock.hpp"
#include "handlers/ports/jobs.hpp"
#include "handlers/types/requests.hpp"

#include <optional>

namespace ringi::pipeline {

// Where a message from AWS says that something moved. Nothing else of it is believed.
std::optional<Chore> hint_of(const Notification& notification);

class Notice {
 public:
  Notice(ports::Jobs& jobs, ports::Clock& clock) : jobs_(jobs), clock_(clock) {}

  Task<Result<void>> run(Notification notification);

 private:
  ports::Jobs& jobs_;
  ports::Clock& clock_;
};

}  // namespace ringi::pipeline
