#include "server/slack/payload.hpp"
#include "server/slack/payload_json.hpp"

namespace ringi::slack {

using nlohmann::json;

namespace {

using What = std::variant<Nothing, Challenge, Command, GroupChanged>;

// Our own user, as the envelope says it; "" where it does not.
std::string own_user(const json& envelope) {
  const auto& authorizations = member(envelope, "authorizations");
  if (!authorizations.is_array() || authorizations.empty()) return {};
  return text_of(authorizations.front(), "user_id");
}

// What follows our mention: "<@U0BOT> status" and "<@U0BOT|ringi> status"; without one, everything.
std::string_view after_mention(std::string_view text, const std::string& own) {
  auto at = text.find("<@" + own);
  if (at == text.npos) at = text.find("<@");
  const auto end = text.find('>', std::min(at, text.size()));
  return end == text.npos ? text : text.substr(end + 1);
}

// "deploy start web" -> word "deploy", text "start web"; any other first word is for "ringi".
void split_word(std::string text, Command& command) {
  const auto blank = text.find(' ');
  const auto first = text.substr(0, blank);
  if (first != "deploy" && first != "aws" && first != "ringi") {
    command.word = "ringi";
    command.text = std::move(text);
    return;
  }
  command.word = first;
  command.text = blank == text.npos ? std::string{} : normalised(text.substr(blank));
}

std::optional<What> parse_mention(const json& envelope, const json& event) {
  const auto own = own_user(envelope);
  const bool by_bot = !text_of(event, "bot_id").empty();
  if (by_bot || (!own.empty() && text_of(event, "user") == own)) return What{Nothing{}};
  const auto user = SlackUser::parse(text_of(event, "user"));
  const auto channel = SlackChannel::parse(text_of(event, "channel"));
  const auto message = MessageTs::parse(text_of(event, "ts"));
  const auto thread = id_or_none<MessageTs>(event, "thread_ts");
  const auto team = id_or_none<SlackTeam>(event, "team");
  const auto home = SlackTeam::parse(text_of(envelope, "team_id"));
  if (!user || !channel || !message || !thread || !team || !home) return std::nullopt;
  Command command{.caller = {team->empty() ? *home : *team, *user, {}},
                  .via = {.channel = *channel, .message = message},
                  .mention = true};
  if (!thread->empty()) command.via.thread = *thread;
  split_word(normalised(after_mention(text_of(event, "text"), own)), command);
  return What{std::move(command)};
}

std::optional<What> parse_group(const std::string& id) {
  const auto group = SlackGroup::parse(id);
  if (!group) return std::nullopt;
  return What{GroupChanged{*group}};
}

std::optional<What> parse_what(const json& envelope) {
  const auto& event = member(envelope, "event");
  const auto type = text_of(event, "type");
  if (type.empty()) return std::nullopt;
  if (type == "app_mention") return parse_mention(envelope, event);
  if (type == "subteam_members_changed") return parse_group(text_of(event, "subteam_id"));
  if (type == "subteam_updated") return parse_group(text_of(member(event, "subteam"), "id"));
  return What{Nothing{}};
}

}  // namespace

std::optional<Event> parse_event(std::string_view text) {
  const auto envelope = parse_object(text);
  if (!envelope) return std::nullopt;
  const auto type = text_of(*envelope, "type");
  Event event{.origin = {text_of(*envelope, "team_id"), text_of(*envelope, "api_app_id")},
              .id = text_of(*envelope, "event_id")};
  if (type == "url_verification") {
    const auto& challenge = member(*envelope, "challenge");
    if (!challenge.is_string()) return std::nullopt;
    event.what = Challenge{challenge.get<std::string>()};
    return event;
  }
  if (type.empty()) return std::nullopt;
  if (type != "event_callback") return event;  // app_rate_limited
  auto what = parse_what(*envelope);
  if (!what || event.id.empty()) return std::nullopt;
  event.what = std::move(*what);
  return event;
}

}  // namespace ringi::slack
