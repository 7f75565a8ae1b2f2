#include "server/slack/response_url.hpp"

#include "server/net/address.hpp"
#include "server/net/transport.hpp"
#include "server/slack/retry_after.hpp"

#include <nlohmann/json.hpp>

namespace ringi::slack {
namespace {

Error refused(Errc code, const std::string& why) {
  return error(code, ForLog{"response_url: " + why},
               ForPerson{"Slack took no answer at the place of the question"});
}

// 200 with "ok" or {"ok":true}; {"ok":false} is a failure even with 200.
bool is_success(const net::Answer& answer) {
  if (answer.status != 200) return false;
  if (answer.body == "ok") return true;
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  return body.is_object() && body.contains("ok") && body["ok"] == true;
}

Errc errc_of(int status) {
  if (status == 429) return Errc::limited;
  if (status >= 500) return Errc::unavailable;
  if (status == 400) return Errc::invalid;
  return Errc::not_found;
}

}  // namespace

bool is_response_host(const std::string& url, const std::string& api_url) {
  const auto to = net::allowed_address(url);
  if (to.has_error()) return false;
  const bool slack = to->host == "hooks.slack.com" || to->host == "hooks.slack-gov.com";
  if (slack) return to->scheme == "https" && to->port == "443";
  const auto api = net::allowed_address(api_url);
  return api.has_value() && to->host == api->host &&
         (to->scheme == "https" || api->scheme == "http");
}

ResponseUrls::ResponseUrls(net::Transport& transport, std::string api_url, Sleep sleep)
    : transport_(transport), api_url_(std::move(api_url)), sleep_(std::move(sleep)) {}

// A channel takes about one message a second, from everyone: the place of the question is worth a
// short wait.
Task<Result<void>> ResponseUrls::post(ResponseUrl url, std::string body) {
  constexpr std::size_t longest_answer = 64u << 10;
  constexpr int most_tries = 4;
  Duration patience = std::chrono::seconds{15};  // then a direct message is the better answer
  if (!is_response_host(url.reveal(), api_url_))
    co_return refused(Errc::denied, "a host that is not Slack's");
  for (int tries = 1;; ++tries) {
    net::Call call{.url = url.reveal(),
                   .headers = {{"Content-Type", "application/json; charset=utf-8"}},
                   .body = body,
                   .max_response = longest_answer};
    const auto answer = co_await transport_.send(std::move(call));
    if (answer.has_error()) co_return answer.error();
    if (is_success(*answer)) co_return Result<void>{};
    const auto wait = retry_after(*answer).value_or(std::chrono::seconds{tries});
    if (answer->status != 429 || wait > patience || tries == most_tries)
      co_return refused(errc_of(answer->status), "HTTP " + std::to_string(answer->status));
    patience -= wait;
    co_await sleep_(wait);
  }
}

}  // namespace ringi::slack
