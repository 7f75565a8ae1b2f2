#pragma once

#include "handlers/types/requests.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "server/slack/web_api.hpp"

#include <string>

namespace ringi::slack {

// True for hooks.slack.com and hooks.slack-gov.com, and for the host of api_url: https on its usual
// port, for api_url's host any port, and http where api_url is http on this machine.
bool is_response_host(const std::string& url, const std::string& api_url);

// Posts to response_url: no token, 5 uses, 30 minutes. The URL is a secret and stands in no error.
class ResponseUrls {
 public:
  ResponseUrls(net::Transport& transport, std::string api_url, Sleep sleep);

  // `body` is JSON text. What is refused with 429 has cost no use and is repeated for a while.
  // Errc::not_found: expired or used up.
  Task<Result<void>> post(ResponseUrl url, std::string body);

 private:
  net::Transport& transport_;
  std::string api_url_;
  Sleep sleep_;
};

}  // namespace ringi::slack
