#pragma once

#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "handlers/types/time.hpp"
#include "server/config/secret.hpp"
#include "server/observe/log.hpp"
#include "server/slack/holds.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ringi::net {
class Transport;
struct Answer;
struct Call;
}  // namespace ringi::net
namespace ringi::observe {
class Metrics;
}
namespace ringi::ports {
class Clock;
}

namespace ringi::slack {

enum class Method {
  auth_test,
  chat_post_message,
  chat_post_ephemeral,
  chat_update,
  chat_delete,
  chat_get_permalink,
  views_open,
  views_update,
  users_info,
  usergroups_list,
  usergroups_users_list,
  conversations_list,
  conversations_info,
  conversations_open,
};
std::string_view name_of(Method method);  // "chat.postMessage"

using Sleep = std::function<Task<>(Duration)>;  // runtime::sleep_for, or a test's own
using Chance = std::function<double()>;         // uniform in [0, 1)
struct WebApiOptions {
  std::string api_url = "https://slack.com/api/";
  config::Secret bot_token;
};

// How long a call may wait for Slack's leave, over all its attempts, before it fails with
// Errc::limited: more than the minute that Slack counts by. A job allows two of these.
constexpr Duration usual_patience = std::chrono::seconds{65};
constexpr Duration no_patience{};

// Slack's Web API. Repeats by itself what cannot take effect twice: what was not sent, what Slack
// refused with 429, and reads and updates that failed. After a 429 nothing of its kind is sent
// before Slack's Retry-After is over, by whomever. The error's service_code is Slack's own string.
// Used from the I/O thread only.
class WebApi {
 public:
  struct Parts {
    net::Transport& transport;
    WebApiOptions options;
    const ports::Clock& clock;
    Sleep sleep;
    Chance chance;
    observe::Metrics& metrics;
    observe::Log log;
  };
  explicit WebApi(Parts parts) : parts_(std::move(parts)) {}

  // Slack's answer, with "ok": true. Arguments that are no text are sent as JSON text in forms.
  Task<Result<nlohmann::json>> call(Method method, nlohmann::json args,
                                    Duration patience = usual_patience);

  // When Slack takes it again; the clock's time or an earlier one: now. `channel` counts for posts.
  Time held_until(Method method, const std::string& channel = {}) const;

  const std::string& api_url() const { return parts_.options.api_url; }
  void use_token(config::Secret token) { parts_.options.bot_token = std::move(token); }

 private:
  struct Attempt;
  Task<Attempt> attempt(Method method, const nlohmann::json& args);
  net::Call request(Method method, const nlohmann::json& args) const;
  Attempt judge(Method method, const net::Answer& answer) const;
  void hold(Method method, const std::string& key, std::optional<Duration> asked);
  void log_warnings(Method method, const nlohmann::json& body) const;

  Parts parts_;
  Holds holds_;
};

}  // namespace ringi::slack
