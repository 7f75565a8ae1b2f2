#pragma once

#include "handlers/message/english.hpp"

namespace ringi::message::english {

enum class Mark { done, running, waiting, failed, stopped, refused, ahead };
// The mark's picture, the name and the bold word; "-" where there is none yet.
Text state_line(Mark mark, const Text& name, const Text& word);

// What a phone shows of the card.
enum class Standing { running, live, failed, superseded, stopped, unfollowed };
Text card_line(const Place& place, Standing standing);
Text card_line_waiting(const Place& place, std::string_view action);

// The card's fixed parts
Text card_title(const Place& place);
Text origin(const Text& starter, std::optional<Time> started, std::string_view pipeline,
            std::string_view execution);
Text started_elsewhere(std::string_view trigger, std::string_view principal);
Text starter_unknown();  // four eyes cannot be checked
Text observing();
Text waiting_for(const Text& approvers, std::optional<Time> since);
Text expires(std::optional<Time> at);            // nothing where it is not known
Text nobody_can_approve(const Text& operators);  // whom to ask; may be empty
Text nobody_left(const Text& approvers, const SlackUser& starter, const Text& operators);
Text by_person(std::string_view took, const SlackUser& by, Time at, std::string_view reason);
Text in_console(std::string_view principal);
Text decision_not_taken(bool approved, const SlackUser& by);
Text being_sent();
Text gone_from_aws(std::string_view service_code);
Text out_of_reach();
Text footer(std::int64_t first_entry);
// Where Slack does not take the card as it is.
Text belongs_elsewhere(const SlackChannel& home, std::string_view why);
Text layout_refused(std::string_view service_code);

// The buttons
Text decision_question(bool approved, const Place& place, std::string_view action,
                       const Text& revision);
Confirm confirm_approve(const Place& place, std::string_view action, const Text& revision);
Confirm confirm_reject(const Place& place, std::string_view action, const Text& revision);

// What the button "What changed" opens: at once, and when AWS has answered.
struct Source {
  std::string name, id, summary, url;
};
View changes_form();
View what_changed(const Place& place, const std::vector<Source>& now,
                  const std::vector<Source>& before, std::optional<Time> before_at);
View changes_not_read(const Error& why);

// Lines in the card's thread
Text needs_approval(const Text& approvers, const Place& place, std::string_view action);
Text decided_line(bool approved, const SlackUser& by, std::string_view action,
                  std::string_view reason);
Text is_live(const Place& place, Duration took, const SlackUser& approved_by);
Text has_failed(const Place& place, const SlackUser& starter, std::string_view action,
                std::string_view why, std::string_view url);
Text has_ended(const Place& place, std::string_view how);
Text has_gone(const Place& place, const SlackUser& starter, const SlackUser& decided_in_vain,
              std::string_view service_code);

// Forms: what they are about is looked up while they are open already.
View decision_form(bool approved, const Text& about);
Text looked_up();
Text not_known_now(const Error& why);
View form_about_nothing();
Message form_not_opened(const Error& why, std::string_view short_id);

}  // namespace ringi::message::english
