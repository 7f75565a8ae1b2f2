#include "server/slack/web_api.hpp"

#include "handlers/message/unicode.hpp"
#include "handlers/ports/clock.hpp"
#include "server/net/transport.hpp"
#include "server/observe/logger.hpp"
#include "server/observe/metrics.hpp"
#include "server/slack/retry_after.hpp"
#include "server/slack/slack_error.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace ringi::slack {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr int max_attempts = 4;

// How a method takes its arguments, and whether it may be sent again after it was perhaps carried
// out.
struct Traits {
  Method method;
  std::string_view name;
  bool form;
  bool repeatable;
};
constexpr std::array methods{
    Traits{Method::auth_test, "auth.test", false, true},
    Traits{Method::chat_post_message, "chat.postMessage", false, false},
    Traits{Method::chat_post_ephemeral, "chat.postEphemeral", false, false},
    Traits{Method::chat_update, "chat.update", false, true},
    Traits{Method::chat_delete, "chat.delete", false, true},
    Traits{Method::chat_get_permalink, "chat.getPermalink", true, true},
    Traits{Method::views_open, "views.open", false, false},
    Traits{Method::views_update, "views.update", false, true},
    Traits{Method::users_info, "users.info", true, true},
    Traits{Method::usergroups_list, "usergroups.list", true, true},
    Traits{Method::usergroups_users_list, "usergroups.users.list", true, true},
    Traits{Method::conversations_list, "conversations.list", true, true},
    Traits{Method::conversations_info, "conversations.info", true, true},
    Traits{Method::conversations_open, "conversations.open", false, true},
};

const Traits& traits_of(Method method) {
  return *std::ranges::find(methods, method, &Traits::method);
}

void append_encoded(std::string& form, std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      form += c;
    } else {
      form += {'%', hex[byte >> 4U], hex[byte & 15U]};
    }
  }
}

std::string form_of(const json& args) {
  std::string form;
  for (const auto& [name, value] : args.items()) {
    if (!form.empty()) form += '&';
    append_encoded(form, name);
    form += '=';
    append_encoded(form, value.is_string() ? value.get_ref<const std::string&>() : value.dump());
  }
  return form;
}

// Slack's words in our log: one line, not endless.
std::string for_log(std::string text) {
  constexpr std::size_t longest = 300;
  text = message::one_line(text, longest);
  std::ranges::replace(text, '"', ' ');
  return text;
}

std::string text_of(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::string messages_of(const json& body) {
  const auto meta = body.find("response_metadata");
  if (meta == body.end() || !meta->is_object() || !meta->contains("messages")) return {};
  return for_log((*meta)["messages"].dump(-1, ' ', false, json::error_handler_t::replace));
}

// What Slack limits for itself: a method, for posts each channel.
std::string limited_together(Method method, const std::string& channel) {
  std::string key{name_of(method)};
  return method == Method::chat_post_message ? key + " " + channel : key;
}

// A trigger lives 3 s: whoever pressed is quicker to press again. Whoever asks about a channel has
// something else to do meanwhile.
Duration most_patience(Method method) {
  if (method == Method::views_open) return 1s;
  if (method == Method::conversations_info) return 2s;
  return Duration::max();
}

Error slack_failure(Method method, Errc code, const std::string& service_code,
                    const std::string& detail) {
  const std::string what = "Slack's " + std::string{name_of(method)} + " failed: " + service_code;
  return error(code, ForLog{detail.empty() ? what : what + " " + detail}, ForPerson{what},
               service_code);
}

// For a metric: names that we know, so that their number is bounded.
std::string outcome_of(const Error& failure) {
  const bool known = parse_slack_error(failure.service_code) != SlackError::unknown;
  return known ? failure.service_code : std::string{ringi::name_of(failure.code)};
}

}  // namespace

std::string_view name_of(Method method) {
  return traits_of(method).name;
}

// One request and what it means for the next.
struct WebApi::Attempt {
  std::optional<json> body = {};
  Error failure = {};
  bool limited = false;                      // 429: nothing was done
  std::optional<Duration> retry_after = {};  // as Slack said
  bool again = false;                        // may be repeated after a pause of our own
};

Time WebApi::held_until(Method method, const std::string& channel) const {
  return holds_.until(limited_together(method, channel));
}

Task<Result<json>> WebApi::call(Method method, json args, Duration patience) {
  const auto key = limited_together(method, text_of(args, "channel"));
  const auto give_up_at = parts_.clock.now() + std::min(patience, most_patience(method));
  for (int count = 1;; ++count) {
    for (auto now = parts_.clock.now(); holds_.until(key) > now; now = parts_.clock.now()) {
      const auto until = holds_.until(key);
      if (until > give_up_at) co_return slack_failure(method, Errc::limited, "ratelimited", {});
      co_await parts_.sleep(until - now);
    }
    auto tried = co_await attempt(method, args);
    parts_.metrics.count("ringi_slack_calls_total",
                         {{"method", std::string{name_of(method)}},
                          {"outcome", tried.body ? "ok" : outcome_of(tried.failure)}});
    if (tried.body) co_return Result<json>{boost::system::in_place_value, std::move(*tried.body)};
    if (tried.limited) hold(method, key, tried.retry_after);
    if (count == max_attempts || !(tried.limited || tried.again))
      co_return std::move(tried.failure);
    if (tried.limited) continue;
    const double seconds = 0.5 * std::pow(2.0, count - 1) * (0.5 + parts_.chance());
    co_await parts_.sleep(std::chrono::round<Duration>(std::chrono::duration<double>{seconds}));
  }
}

void WebApi::hold(Method method, const std::string& key, std::optional<Duration> asked) {
  using seconds = std::chrono::duration<double>;
  const auto held = seconds{holds_.hold(key, asked, parts_.clock.now())}.count();
  parts_.metrics.count("ringi_slack_held_seconds_total", {{"method", std::string{name_of(method)}}},
                       held);
  parts_.log->warn("slack limits us what=\"{}\" held_seconds={} asked_seconds={}", key, held,
                   asked ? seconds{*asked}.count() : -1);
}

Task<WebApi::Attempt> WebApi::attempt(Method method, const json& args) {
  auto question = request(method, args);
  const auto answer = co_await parts_.transport.send(std::move(question));
  if (answer.has_value()) co_return judge(method, *answer);
  Attempt failed{.failure = answer.error()};
  // A post that was answered in a way that we cannot read may stand.
  if (failed.failure.code == Errc::internal && !traits_of(method).repeatable)
    failed.failure.code = Errc::unknown_outcome;
  const bool unsent = failed.failure.code == Errc::unavailable;
  const bool lost = failed.failure.code == Errc::unknown_outcome;
  failed.again = unsent || (lost && traits_of(method).repeatable);
  // A read or an update whose answer was lost has no outcome that anybody must find out.
  if (lost && traits_of(method).repeatable) failed.failure.code = Errc::unavailable;
  co_return failed;
}

net::Call WebApi::request(Method method, const json& args) const {
  const auto& traits = traits_of(method);
  net::Call call{.url = parts_.options.api_url + std::string{traits.name}};
  call.headers = {{"Authorization", "Bearer " + parts_.options.bot_token.reveal()},
                  {"Content-Type", traits.form ? "application/x-www-form-urlencoded"
                                               : "application/json; charset=utf-8"}};
  call.body =
      traits.form ? form_of(args) : args.dump(-1, ' ', false, json::error_handler_t::replace);
  if (method == Method::views_open) call.timeout = call.connect_timeout = 2500ms;
  return call;
}

WebApi::Attempt WebApi::judge(Method method, const net::Answer& answer) const {
  const bool repeatable = traits_of(method).repeatable;
  if (answer.status == 429) {
    return {.failure = slack_failure(method, Errc::limited, "ratelimited", {}),
            .limited = true,
            .retry_after = retry_after(answer)};
  }
  auto body = json::parse(answer.body, nullptr, false);
  if (answer.status != 200 || !body.is_object()) {
    // 5xx, HTML, a cut answer: a post may stand in the channel all the same.
    const auto what = "HTTP " + std::to_string(answer.status);
    return {.failure = slack_failure(method, repeatable ? Errc::unavailable : Errc::unknown_outcome,
                                     what, {}),
            .again = repeatable};
  }
  log_warnings(method, body);
  const auto ok = body.find("ok");
  if (ok != body.end() && *ok == true) return {.body = std::move(body)};
  const auto name = for_log(text_of(body, "error"));
  const auto kind = parse_slack_error(name);
  const bool lost = !repeatable && may_have_taken_effect(kind);
  return {.failure = slack_failure(method, lost ? Errc::unknown_outcome : errc_of(kind), name,
                                   messages_of(body)),
          .limited = kind == SlackError::ratelimited,
          .retry_after = retry_after(answer),
          .again = fault_of(kind) == Fault::transient && !lost};
}

void WebApi::log_warnings(Method method, const json& body) const {
  const auto warning = text_of(body, "warning");
  if (warning.empty()) return;
  parts_.log->warn("slack warning method={} warning=\"{}\" messages={}", name_of(method),
                   for_log(warning), messages_of(body));
}

}  // namespace ringi::slack
