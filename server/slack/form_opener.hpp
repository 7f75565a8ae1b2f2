#pragma once

#include "handlers/message/message.hpp"
#include "handlers/types/requests.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"

#include <string>

namespace ringi::slack {

// Opens the form of a click: Slack's trigger lives 3 s and works once.
class FormOpener {
 public:
  virtual ~FormOpener() = default;
  // The form's id. An error: it is not open, and the person was told.
  virtual Task<Result<std::string>> open(Click click, message::View view) = 0;
};

}  // namespace ringi::slack
