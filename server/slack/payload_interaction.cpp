#include "server/slack/form.hpp"
#include "server/slack/payload.hpp"
#include "server/slack/payload_json.hpp"

#include <array>

namespace ringi::slack {

using nlohmann::json;

namespace {

std::optional<Caller> parse_caller(const json& payload, const SlackTeam& team) {
  const auto& user = member(payload, "user");
  const auto id = SlackUser::parse(text_of(user, "id"));
  const auto own_team = id_or_none<SlackTeam>(user, "team_id");
  if (!id || !own_team) return std::nullopt;
  auto name = text_of(user, "username");
  if (name.empty()) name = text_of(user, "name");
  return Caller{own_team->empty() ? team : *own_team, *id, std::move(name)};
}

// `team` is null for an installation in a whole organisation; then the person's own counts.
std::string team_of(const json& payload) {
  auto team = text_of(member(payload, "team"), "id");
  return team.empty() ? text_of(member(payload, "user"), "team_id") : team;
}

// What was entered or chosen; "" where nothing is. Lists are joined by commas.
std::string value_of(const json& element) {
  for (const auto* name : {"value", "selected_user", "selected_conversation", "selected_channel",
                           "selected_date", "selected_time"}) {
    auto text = text_of(element, name);
    if (!text.empty()) return text;
  }
  auto chosen = text_of(member(element, "selected_option"), "value");
  if (!chosen.empty()) return chosen;
  const auto& options = member(element, "selected_options");
  if (!options.is_array()) return {};
  for (const auto& option : options)
    chosen += (chosen.empty() ? "" : ",") + text_of(option, "value");
  return chosen;
}

std::string first_text(const json& one, std::string_view name, const json& other,
                       std::string_view other_name) {
  auto text = text_of(one, name);
  return text.empty() ? text_of(other, other_name) : text;
}

// False where a member is malformed; absent ones stay empty (a click in a home tab has no message).
bool read_place(const json& payload, Via& via) {
  const auto& container = member(payload, "container");
  const auto& message = member(payload, "message");
  const auto channel = first_text(member(payload, "channel"), "id", container, "channel_id");
  const auto ts = first_text(container, "message_ts", message, "ts");
  const auto thread = first_text(container, "thread_ts", message, "thread_ts");
  if (!channel.empty()) {
    const auto id = SlackChannel::parse(channel);
    if (!id) return false;
    via.channel = *id;
  }
  via.message = MessageTs::parse(ts);
  via.thread = MessageTs::parse(thread);
  if (!ts.empty() && !via.message) return false;
  if (!thread.empty() && !via.thread) return false;
  via.response_url = ResponseUrl{text_of(payload, "response_url")};
  const auto& ephemeral = member(container, "is_ephemeral");
  via.ephemeral = ephemeral.is_boolean() && ephemeral.get<bool>();
  return true;
}

using What = std::variant<Nothing, Click, SentForm>;

std::optional<What> parse_click(const json& payload, Caller caller) {
  const auto& actions = member(payload, "actions");
  if (!actions.is_array() || actions.empty()) return std::nullopt;
  const auto& action = actions.front();
  Click click{.caller = std::move(caller),
              .action = text_of(action, "action_id"),
              .value = value_of(action),
              .trigger_id = text_of(payload, "trigger_id")};
  if (click.action.empty()) return std::nullopt;
  if (!text_of(action, "url").empty()) return What{Nothing{}};  // the browser has opened it already
  if (click.trigger_id.empty() || !read_place(payload, click.via)) return std::nullopt;
  return What{std::move(click)};
}

std::map<std::string, std::string> fields_of(const json& values) {
  std::map<std::string, std::string> fields;
  if (!values.is_object()) return fields;
  for (const auto& [block, elements] : values.items()) {
    if (!elements.is_object() || elements.empty()) continue;
    fields[block] = value_of(elements.front());
  }
  return fields;
}

std::optional<What> parse_submission(const json& payload, Caller caller) {
  const auto& view = member(payload, "view");
  auto memory = parse_metadata(text_of(view, "private_metadata"));
  const auto& values = member(member(view, "state"), "values");
  SentForm sent{.submission = {.caller = std::move(caller),
                               .form = text_of(view, "callback_id"),
                               .view_id = text_of(view, "id"),
                               .fields = fields_of(values)},
                .state = values.dump()};
  auto& submission = sent.submission;
  if (!memory || submission.form.empty() || submission.view_id.empty()) return std::nullopt;
  submission.value = memory->value;
  submission.via = {
      .channel = memory->channel, .message = memory->message, .thread = memory->thread};
  sent.memory = std::move(*memory);
  return What{std::move(sent)};
}

}  // namespace

std::optional<Interaction> parse_interaction(std::string_view body) {
  const auto form = parse_form(body);
  if (!form) return std::nullopt;
  const auto text = form->find("payload");
  if (text == form->end()) return std::nullopt;
  const auto payload = parse_object(text->second);
  if (!payload) return std::nullopt;
  const auto type = text_of(*payload, "type");
  Interaction parsed{.origin = {team_of(*payload), text_of(*payload, "api_app_id")}};
  if (type.empty()) return std::nullopt;
  if (type != "block_actions" && type != "view_submission") return parsed;
  const auto team = SlackTeam::parse(parsed.origin.team);
  auto caller = team ? parse_caller(*payload, *team) : std::nullopt;
  if (!caller) return std::nullopt;
  auto what = type == "block_actions" ? parse_click(*payload, std::move(*caller))
                                      : parse_submission(*payload, std::move(*caller));
  if (!what) return std::nullopt;
  parsed.what = std::move(*what);
  return parsed;
}

}  // namespace ringi::slack
