#include "server/slack/late_answer.hpp"

#include "server/slack/payload_json.hpp"

namespace ringi::slack {

Chore to_chore(const OpaqueId& key, const LateAnswer& answer, const Via& via) {
  const nlohmann::json payload{{"v", 1},
                               {"team", answer.caller.team.str()},
                               {"user", answer.caller.user.str()},
                               {"name", answer.caller.name},
                               {"message", answer.message}};
  return {std::string{late_answer_kind}, key.str(),
          payload.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), via};
}

std::optional<LateAnswer> parse_late_answer(const Chore& chore) {
  const auto payload = parse_object(chore.payload);
  if (!payload) return std::nullopt;
  const auto team = id_or_none<SlackTeam>(*payload, "team");
  const auto user = SlackUser::parse(text_of(*payload, "user"));
  const auto message = text_of(*payload, "message");
  if (!team || !user || !parse_object(message)) return std::nullopt;
  return LateAnswer{{*team, *user, text_of(*payload, "name")}, message};
}

}  // namespace ringi::slack
