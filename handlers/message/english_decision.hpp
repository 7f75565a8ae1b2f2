#pragma once

#include "handlers/message/english.hpp"

// What people and AWS hear of a decision; the card itself is in english_card.hpp.
namespace ringi::message::english {

Text verdict(bool approved);  // "approved"

// Answers to a click
enum class Sent { now, done };
Message recorded(bool approved, const Place& place, std::string_view action, std::int64_t entry,
                 Sent sent);
Message decided_before(bool approved, const SlackUser& by, Time at);
Message decided_in_vain(bool approved, const SlackUser& by, Time at);
enum class Ended { expired, superseded, in_aws };
Message no_longer_waiting(Ended how);
Message own_deployment(const Place& place, std::string_view rule, const Text& who,
                       std::string_view why_command);
Message reason_missing();
std::string reason_missing_field();
Message would_have(bool approved, const Place& place);
Message unknown_button();
Message ended_before(const Place& place, Ended how);  // not in_aws: see overtaken()
Message overtaken(const Place& place, std::string_view principal);
Message not_accepted(const Place& place, std::string_view service_code, std::string_view short_id);
Message not_sent(const Place& place);

// What goes to AWS with the decision; at most 512 characters there.
std::string summary(bool approved, std::string_view name, const SlackUser& by,
                    std::string_view reason);

}  // namespace ringi::message::english
