#pragma once

#include "handlers/ports/clock.hpp"
#include "server/config/secret.hpp"
#include "server/http/types.hpp"
#include "server/observe/log.hpp"
#include "server/observe/log_limit.hpp"
#include "server/observe/metrics.hpp"
#include "server/runtime/tasks.hpp"
#include "server/slack/form_opener.hpp"
#include "server/slack/form_urls.hpp"
#include "server/slack/payload.hpp"
#include "server/slack/replies.hpp"
#include "server/slack/signature.hpp"
#include "server/store/copies.hpp"
#include "server/store/intake.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ringi::slack {

// What the configuration says of our app; a reload swaps it between two requests.
struct AppSettings {
  std::vector<config::Secret> signing_secrets;  // newest first; two while rotating
  SlackTeam team;
  SlackApp app;
  CommandNames commands;
};

// What the endpoints use of the house. The root owns all of it, and it outlives them.
struct EndpointParts {
  const ports::Clock& clock;
  ports::Ids& ids;
  store::Intake& intake;
  store::Copies& copies;
  Replies& replies;
  FormOpener& forms;
  // The group's copy falls; the event's id tells a repeat.
  std::function<Task<Result<void>>(SlackGroup, std::string event)> group_changed;
  runtime::TaskGroup& beside;  // for what the store is told without waiting
  observe::Log log;
  observe::Metrics& metrics;
};

// The way in from Slack: signature over the raw bytes, content type, parsing, team and app, then
// one commit, then 200. One order for all three, so that nothing unsigned is ever parsed.
class SlackEndpoints {
 public:
  SlackEndpoints(AppSettings settings, EndpointParts parts);

  void reload(AppSettings settings) { settings_ = std::move(settings); }

  // The three paths below /slack, 1 MiB a body. They refer to this.
  std::vector<http::Route> routes();

 private:
  Task<http::Response> command(http::Request request);
  Task<http::Response> interaction(http::Request request);
  Task<http::Response> event(http::Request request);

  // The answer to what is not Slack's, or not of this type; nullopt: it is.
  std::optional<http::Response> refuse(const http::Request& request, std::string_view content_type);
  std::optional<http::Response> refuse_stranger(const Origin& origin);
  http::Response refused(int status, std::string_view reason);

  Task<http::Response> click(Click click, std::string delivery);
  Task<http::Response> submission(SentForm sent, std::string delivery);
  Task<http::Response> mention(Command command, std::string event_id, std::string delivery);
  Task<http::Response> group_changed(SlackGroup group, std::string event_id);
  std::string memory_of(const Click& click, const message::View& view);
  Task<> open_form(Click click, message::View view);
  Task<http::Response> store(store::Incoming incoming);
  http::Response unavailable(const Error& error);

  AppSettings settings_;
  EndpointParts parts_;
  FormUrls urls_;
  observe::LogLimit refusals_;
};

}  // namespace ringi::slack
