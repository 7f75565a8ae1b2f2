#include "server/slack/endpoints.hpp"

#include "server/crypto/sha256.hpp"
#include "server/observe/logger.hpp"

#include <nlohmann/json.hpp>

namespace ringi::slack {
namespace {

constexpr std::size_t body_limit = 1u << 20;
constexpr std::string_view form_type = "application/x-www-form-urlencoded";
constexpr std::string_view json_type = "application/json";
constexpr std::string_view timestamp_header = "x-slack-request-timestamp";
constexpr std::string_view signature_header = "x-slack-signature";

http::Response ok() {
  return http::Response{};
}

http::Response ok_json(std::string body) {
  return http::Response{.content_type = std::string{json_type}, .body = std::move(body)};
}

// "application/json; charset=utf-8" is application/json.
bool has_type(const http::Request& request, std::string_view wanted) {
  const auto value = request.header("content-type").value_or("");
  return value.substr(0, value.find_first_of("; \t")) == wanted;
}

// REQUIRES: the signature was verified. A resend that was signed anew has another one; its own id
// catches that. The timestamp stands in front so that keys of one moment lie beside each other in
// the store.
std::string delivery_key(const http::Request& request) {
  const auto timestamp = std::string{*request.header(timestamp_header)};
  const auto both = timestamp + ":" + std::string{*request.header(signature_header)};
  return "slack-sig:" + timestamp + ":" + crypto::to_hex(crypto::sha256(both));
}

}  // namespace

SlackEndpoints::SlackEndpoints(AppSettings settings, EndpointParts parts)
    : settings_(std::move(settings)),
      parts_(std::move(parts)),
      urls_(parts_.ids, parts_.copies, parts_.beside) {}

std::vector<http::Route> SlackEndpoints::routes() {
  const auto post = [](std::string path, http::Endpoint endpoint) {
    return http::Route{.method = "POST",
                       .path = std::move(path),
                       .body_limit = body_limit,
                       .endpoint = std::move(endpoint)};
  };
  return {
      post("/slack/commands", [this](http::Request r) { return command(std::move(r)); }),
      post("/slack/interactions", [this](http::Request r) { return interaction(std::move(r)); }),
      post("/slack/events", [this](http::Request r) { return event(std::move(r)); })};
}

Task<http::Response> SlackEndpoints::command(http::Request request) {
  if (auto no = refuse(request, form_type)) co_return std::move(*no);
  auto parsed = parse_command(request.body, settings_.commands);
  if (!parsed) co_return refused(400, "malformed");
  if (auto no = refuse_stranger(parsed->origin)) co_return std::move(*no);
  store::Incoming incoming{.keys = {delivery_key(request), "slack-trigger:" + parsed->trigger_id},
                           .answer = parts_.replies.reply(parsed->command)};
  if (incoming.answer.empty()) {
    incoming.job = std::move(parsed->command);
  } else {  // that was all there is to say: nothing is left to do
    incoming.content_type = json_type;
  }
  auto response = co_await store(std::move(incoming));
  co_return response;
}

Task<http::Response> SlackEndpoints::interaction(http::Request request) {
  if (auto no = refuse(request, form_type)) co_return std::move(*no);
  auto parsed = parse_interaction(request.body);
  if (!parsed) co_return refused(400, "malformed");
  if (auto no = refuse_stranger(parsed->origin)) co_return std::move(*no);
  auto delivery = delivery_key(request);
  if (auto* clicked = std::get_if<Click>(&parsed->what)) {
    auto response = co_await click(std::move(*clicked), std::move(delivery));
    co_return response;
  }
  if (auto* sent = std::get_if<SentForm>(&parsed->what)) {
    auto response = co_await submission(std::move(*sent), std::move(delivery));
    co_return response;
  }
  co_return ok();
}

Task<http::Response> SlackEndpoints::event(http::Request request) {
  if (auto no = refuse(request, json_type)) co_return std::move(*no);
  auto parsed = parse_event(request.body);
  if (!parsed) co_return refused(400, "malformed");
  if (const auto* challenge = std::get_if<Challenge>(&parsed->what)) {
    co_return ok_json(nlohmann::json{{"challenge", challenge->text}}.dump());
  }
  if (auto no = refuse_stranger(parsed->origin)) co_return std::move(*no);
  if (auto* said = std::get_if<Command>(&parsed->what)) {
    auto response =
        co_await mention(std::move(*said), std::move(parsed->id), delivery_key(request));
    co_return response;
  }
  if (const auto* changed = std::get_if<GroupChanged>(&parsed->what)) {
    auto response = co_await group_changed(changed->group, std::move(parsed->id));
    co_return response;
  }
  co_return ok();
}

std::optional<http::Response> SlackEndpoints::refuse(const http::Request& request,
                                                     std::string_view content_type) {
  const SignedHeaders headers{request.header(timestamp_header), request.header(signature_header)};
  const auto verdict = verify(settings_.signing_secrets, headers, request.body, parts_.clock.now());
  if (verdict != Signature::ok) {
    const auto* what = verdict == Signature::stale ? "stale timestamp" : "bad signature";
    if (const auto more = refusals_.pass(name_of(verdict), parts_.clock.now())) {
      parts_.log->warn("{} path={} peer={} why={} kept_back={}", what, request.path, request.peer,
                       name_of(verdict), *more);
    }
    parts_.metrics.count("ringi_slack_rejected_total", {{"reason", std::string{name_of(verdict)}}});
    return http::error_response(401, "signature");
  }
  if (!has_type(request, content_type)) return refused(415, "content_type");
  return std::nullopt;
}

std::optional<http::Response> SlackEndpoints::refuse_stranger(const Origin& origin) {
  if (origin.team == settings_.team.str() && origin.app == settings_.app.str()) return std::nullopt;
  parts_.log->warn("signed request of another team or app: is [slack] team_id and app_id right?");
  return refused(403, "stranger");
}

http::Response SlackEndpoints::refused(int status, std::string_view reason) {
  parts_.metrics.count("ringi_slack_rejected_total", {{"reason", std::string{reason}}});
  return http::error_response(status, reason);
}

Task<http::Response> SlackEndpoints::click(Click click, std::string delivery) {
  std::vector<std::string> keys{std::move(delivery), "slack-trigger:" + click.trigger_id};
  if (auto view = parts_.replies.opens_form(click)) {
    view->private_metadata = memory_of(click, *view);
    parts_.beside.spawn("open a form", open_form(std::move(click), std::move(*view)));
    co_return ok();
  }
  store::Incoming incoming{.keys = std::move(keys), .job = std::move(click)};
  auto response = co_await store(std::move(incoming));
  co_return response;
}

// A form without a button to send it brings nothing back.
std::string SlackEndpoints::memory_of(const Click& click, const message::View& view) {
  if (view.submit.empty()) return {};
  return to_metadata({.value = click.value,
                      .channel = click.via.channel,
                      .message = click.via.ephemeral ? std::nullopt : click.via.message,
                      .thread = click.via.thread,
                      .answer = urls_.remember(click.via.response_url)});
}

// Once it is open the click is a job like any other: it shows in the form what that is about.
Task<> SlackEndpoints::open_form(Click click, message::View view) {
  click.view_memory = view.private_metadata;
  auto opened = co_await parts_.forms.open(click, std::move(view));
  if (!opened) co_return;
  click.view_id = std::move(*opened);
  const auto key = "slack-view:" + click.view_id;
  store::Incoming incoming{.keys = {key}, .job = std::move(click)};
  const auto accepted = co_await parts_.intake.accept(std::move(incoming));
  if (!accepted) parts_.log->warn("a form stays unfilled why={}", accepted.error().log.text);
}

Task<http::Response> SlackEndpoints::submission(SentForm sent, std::string delivery) {
  auto& form = sent.submission;
  if (auto errors = parts_.replies.refuse(form)) co_return ok_json(std::move(*errors));
  form.via.response_url = co_await urls_.find(sent.memory.answer);
  const auto entered =
      "slack-form:" + form.view_id + ":" + crypto::to_hex(crypto::sha256(sent.state));
  store::Incoming incoming{.keys = {std::move(delivery), entered}, .job = std::move(form)};
  auto response = co_await store(std::move(incoming));
  if (response.status == 200) urls_.forget(sent.memory.answer);
  co_return response;
}

Task<http::Response> SlackEndpoints::mention(Command command, std::string event_id,
                                             std::string delivery) {
  const auto message =
      "slack-mention:" + command.via.channel.str() + ":" + command.via.message->str();
  store::Incoming incoming{.keys = {std::move(delivery), "slack-event:" + event_id, message},
                           .job = std::move(command)};
  auto response = co_await store(std::move(incoming));
  co_return response;
}

// Nothing to keep: a repeat makes an absent copy absent. Where it cannot be done Slack sends it
// again.
Task<http::Response> SlackEndpoints::group_changed(SlackGroup group, std::string event_id) {
  const auto dropped = co_await parts_.group_changed(std::move(group), std::move(event_id));
  if (!dropped) co_return unavailable(dropped.error());
  co_return ok();
}

Task<http::Response> SlackEndpoints::store(store::Incoming incoming) {
  auto accepted = co_await parts_.intake.accept(std::move(incoming));
  if (!accepted) co_return unavailable(accepted.error());
  co_return http::Response{.content_type = std::move(accepted->content_type),
                           .body = std::move(accepted->answer)};
}

http::Response SlackEndpoints::unavailable(const Error& error) {
  parts_.log->error("delivery not stored code={} why={}", name_of(error.code), error.log.text);
  parts_.metrics.count("ringi_slack_rejected_total", {{"reason", "unavailable"}});
  auto response = http::error_response(503, "unavailable");
  response.headers.push_back({"Retry-After", "1"});
  return response;
}

}  // namespace ringi::slack
