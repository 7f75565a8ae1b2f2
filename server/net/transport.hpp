#pragma once

#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "handlers/types/time.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace ringi::net {

struct Call {
  std::string method = "POST";
  std::string
      url;  // https; http only to the hosts that make_transport was told of. Sent byte for byte
  std::vector<std::pair<std::string, std::string>> headers = {};  // never logged
  std::string body = {};                                          // never logged
  Duration timeout = std::chrono::seconds{10};                    // total
  Duration connect_timeout = std::chrono::seconds{3};
  std::size_t max_response = 8u << 20;
  // Where strangers choose the host: its name in the metrics. Such a call's failure is the
  // caller's to log, within bounds.
  std::string purpose = {};
};

struct Answer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;

  std::string_view header(std::string_view lower_case_name) const;  // "" when absent
};

// Outgoing HTTP. Redirects off, TLS verified, one deadline for the whole call. Awaitable from the
// I/O thread; cancelling the awaiting coroutine abandons the transfer. Errors: invalid (address
// rule, before anything is sent), unavailable (not connected: nothing was sent), unknown_outcome
// (sent, no whole answer), limited is never used, internal (answer too large).
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Task<Result<Answer>> send(Call call) = 0;
};

}  // namespace ringi::net
