#include "server/store/request_json.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace ringi::store {
namespace {

using nlohmann::json;

constexpr int payload_version = 1;

// In the order of the variant.
constexpr std::array<std::string_view, 5> types{"command", "click", "form", "notification",
                                                "chore"};

template <class T>
T id_at(const json& from, const char* key) {
  return T::parse(from.value(key, "")).value_or(T{});
}

template <class T>
std::optional<T> optional_id_at(const json& from, const char* key) {
  return T::parse(from.value(key, ""));
}

json to_json(const Caller& caller) {
  return {{"team", caller.team.str()}, {"user", caller.user.str()}, {"name", caller.name}};
}

Caller caller_of(const json& from) {
  return {id_at<SlackTeam>(from, "team"), id_at<SlackUser>(from, "user"), from.value("name", "")};
}

json to_json(const Via& via) {
  json out{{"channel", via.channel.str()}, {"response_url", via.response_url.reveal()}};
  if (via.message) out["message"] = via.message->str();
  if (via.thread) out["thread"] = via.thread->str();
  if (via.ephemeral) out["ephemeral"] = true;
  return out;
}

Via via_of(const json& from) {
  return {id_at<SlackChannel>(from, "channel"), optional_id_at<MessageTs>(from, "message"),
          optional_id_at<MessageTs>(from, "thread"), ResponseUrl{from.value("response_url", "")},
          from.value("ephemeral", false)};
}

// Assigned one by one: an initializer list copies what it nests, and this runs for every request.
json asked(const Caller& caller, const Via& via) {
  json out;
  out["caller"] = to_json(caller);
  out["via"] = to_json(via);
  return out;
}

json body(const Command& command) {
  auto out = asked(command.caller, command.via);
  out["word"] = command.word;
  out["text"] = command.text;
  out["mention"] = command.mention;
  return out;
}

json body(const Click& click) {
  auto out = asked(click.caller, click.via);
  out["action"] = click.action;
  out["value"] = click.value;
  out["trigger_id"] = click.trigger_id;
  if (!click.view_id.empty()) out["view_id"] = click.view_id;
  if (!click.view_memory.empty()) out["view_memory"] = click.view_memory;
  return out;
}

json body(const Submission& form) {
  auto out = asked(form.caller, form.via);
  out["form"] = form.form;
  out["value"] = form.value;
  out["view_id"] = form.view_id;
  out["fields"] = form.fields;
  return out;
}

json body(const Notification& notification) {
  const bool sns = notification.source == Notification::Source::sns;
  return {{"source", sns ? "sns" : "events"},
          {"topic", notification.topic},
          {"account", notification.account.str()},
          {"region", notification.region.str()},
          {"message", notification.message}};
}

json body(const Chore& chore) {
  json out{{"kind", chore.kind}, {"key", chore.key}, {"payload", chore.payload}};
  if (!chore.via.channel.empty()) out["via"] = to_json(chore.via);
  return out;
}

Command command_of(const json& from) {
  return {caller_of(from.at("caller")), via_of(from.at("via")), from.at("word"), from.at("text"),
          from.value("mention", false)};
}

Click click_of(const json& from) {
  return {caller_of(from.at("caller")),
          via_of(from.at("via")),
          from.at("action"),
          from.at("value"),
          from.value("trigger_id", ""),
          from.value("view_id", ""),
          from.value("view_memory", "")};
}

Submission submission_of(const json& from) {
  return {caller_of(from.at("caller")), via_of(from.at("via")), from.at("form"), from.at("value"),
          from.value("view_id", ""),    from.at("fields")};
}

Notification notification_of(const json& from) {
  const auto source =
      from.at("source") == "sns" ? Notification::Source::sns : Notification::Source::events;
  return {source, from.at("topic"), id_at<AccountId>(from, "account"),
          id_at<Region>(from, "region"), from.at("message")};
}

Chore chore_of(const json& from) {
  return {from.at("kind"), from.at("key"), from.at("payload"),
          from.contains("via") ? via_of(from.at("via")) : Via{}};
}

Request request_of(const json& from) {
  const auto type = from.at("type").get<std::string>();
  if (type == "command") return command_of(from);
  if (type == "click") return click_of(from);
  if (type == "form") return submission_of(from);
  if (type == "notification") return notification_of(from);
  if (type == "chore") return chore_of(from);
  throw std::invalid_argument{"unknown type"};
}

}  // namespace

std::string_view type_of(const Request& request) {
  return types.at(request.index());
}

std::string kind_of(const Request& request) {
  const auto* chore = std::get_if<Chore>(&request);
  return chore != nullptr ? chore->kind : std::string{type_of(request)};
}

std::string request_json(const Request& request) {
  auto out = std::visit([](const auto& one) { return body(one); }, request);
  out["v"] = payload_version;
  out["type"] = type_of(request);
  // Text from outside may not be UTF-8; a job must not be lost for that.
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Request> parse_request(std::string_view text) try {
  const auto parsed = json::parse(text);
  if (parsed.at("v").get<int>() > payload_version)
    return error(Errc::internal, "a job was written by a newer ringi");
  return request_of(parsed);
} catch (const std::exception&) {
  // The parser's own words may quote the payload.
  return error(Errc::internal, "a job's payload cannot be read");
}

}  // namespace ringi::store
