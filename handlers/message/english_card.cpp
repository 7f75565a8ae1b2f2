#include "handlers/message/english_card.hpp"

#include "handlers/message/english_decision.hpp"

namespace ringi::message::english {
namespace {

Text quoted(std::string_view reason) {
  if (reason.empty()) return {};
  return "  \"" + plain(reason, 300) + "\"";
}

// Where several approvals wait at once, which of them.
Text part_of(std::string_view action) {
  return action.empty() ? Text{} : bold(plain(action, 80)) + " of ";
}

Text picture(Mark mark) {
  switch (mark) {
    case Mark::done:
      return "✅";
    case Mark::running:
      return "⏳";
    case Mark::waiting:
      return "✋";
    case Mark::failed:
      return "❌";
    case Mark::stopped:
      return "⏹️";
    case Mark::refused:
      return "⛔";
    case Mark::ahead:
      break;
  }
  return "⚪";
}

Text standing_words(Standing standing) {
  switch (standing) {
    case Standing::running:
      return "is running";
    case Standing::live:
      return "is live";
    case Standing::failed:
      return "failed";
    case Standing::superseded:
      return "was superseded";
    case Standing::stopped:
      return "was stopped";
    case Standing::unfollowed:
      break;
  }
  return "is no longer followed";
}

Text card_line_of(const Place& place, const Text& words) {
  const Text head = place.production ? Text{"PRODUCTION: "} : Text{};
  return head + plain(place.pipeline) + " in " + account(place) + " " + words;
}

}  // namespace

Text state_line(Mark mark, const Text& name, const Text& word) {
  const Text state = word.empty() ? Text{"-"} : bold(word);
  return picture(mark) + "  " + bold(name) + "   " + state;
}

Text card_line(const Place& place, Standing standing) {
  return card_line_of(place, standing_words(standing));
}

Text card_line_waiting(const Place& place, std::string_view action) {
  return card_line_of(place, "waits for approval at " + plain(action));
}

Text card_title(const Place& place) {
  const Text head = bold(plain(place.pipeline)) + "  →  " + account(place) + " · ";
  const Text region = plain(place.region.str());
  if (place.production) return "🔴 " + bold("PRODUCTION") + "  " + head + region;
  return head + plain(place.environment) + " · " + region;
}

Text origin(const Text& starter, std::optional<Time> started, std::string_view pipeline,
            std::string_view execution) {
  Text line = "Started by " + starter;
  if (started) line += " " + date(*started);
  return line + " · pipeline " + plain(pipeline) + " · execution " + code(execution.substr(0, 8));
}

Text started_elsewhere(std::string_view trigger, std::string_view principal) {
  const Text how =
      trigger.empty() ? Text{"outside ringi"} : plain(trigger, 60) + " (outside ringi)";
  return principal.empty() ? how : how + " " + code(principal, 200);
}

Text starter_unknown() {
  return "Who started it is not known: four eyes counts nobody as the starter.";
}
Text observing() {
  return bold("Observing only:") + " ringi sends nothing to AWS here; decide in AWS.";
}

Text waiting_for(const Text& approvers, std::optional<Time> since) {
  Text line;
  if (since) line += " since " + date(*since);
  if (!approvers.empty()) line += " for " + approvers;
  return line;
}

Text expires(std::optional<Time> at) {
  return at ? " · expires " + date(*at) : Text{};
}

Text nobody_can_approve(const Text& operators) {
  const Text line =
      "  No rule lets anybody approve this. Whoever keeps ringi's rules can change that";
  return operators.empty() ? line + "." : line + ": ask in " + operators + ".";
}

Text nobody_left(const Text& approvers, const SlackUser& starter, const Text& operators) {
  Text line = "  Nobody is left to approve this: " + approvers + " may, but ";
  line += starter.empty() ? Text{"nobody there can act"}
                          : "not " + user(starter) + ", who started it (four eyes)";
  line += ". Whoever keeps that group can change that, or whoever keeps ringi's rules";
  return operators.empty() ? line + "." : line + ": ask in " + operators + ".";
}

Text by_person(std::string_view took, const SlackUser& by, Time at, std::string_view reason) {
  return "  " + plain(took) + "  by " + user(by) + " " + date(at) + quoted(reason);
}

Text in_console(std::string_view principal) {
  if (principal.empty()) return "  in AWS, not in ringi";
  return "  in AWS by " + code(principal, 200);
}

Text decision_not_taken(bool approved, const SlackUser& by) {
  return "  in AWS: that " + user(by) + " " + verdict(approved) +
         " it did not reach AWS. Decide in AWS.";
}

Text being_sent() {
  return "  (being sent to AWS)";
}

Text gone_from_aws(std::string_view service_code) {
  return picture(Mark::stopped) + "  " + bold("ended") + "   AWS no longer knows this execution (" +
         code(service_code) + "): it or its pipeline was deleted. Nothing waits here any more.";
}

Text out_of_reach() {
  return picture(Mark::stopped) + "  " + bold("out of reach") +
         "   ringi's configuration has no environment for this account any more: ringi does "
         "nothing here. What waits is decided in AWS.";
}

Text footer(std::int64_t first_entry) {
  return "ringi #" + plain(std::to_string(first_entry));
}

Text belongs_elsewhere(const SlackChannel& home, std::string_view why) {
  return "This belongs in " + channel(home) + ", where ringi cannot post: " + plain(why);
}
Text layout_refused(std::string_view service_code) {
  return "Slack refused the rest of this message: " + plain(service_code) + ".";
}

Text decision_question(bool approved, const Place& place, std::string_view action,
                       const Text& revision) {
  const Text to = place.production ? bold("PRODUCTION") : plain(place.environment);
  Text text = (approved ? Text{"Approve "} : Text{"Reject "}) + part_of(action) +
              bold(plain(place.pipeline)) + " to " + to + ", " + account(place) + ", " +
              plain(place.region.str()) + "?";
  if (!revision.empty()) text += "\nRevision " + revision + ".";
  return text;
}

Confirm confirm_approve(const Place& place, std::string_view action, const Text& revision) {
  return {.title = "Approve this deployment?",
          .text = decision_question(true, place, action, revision),
          .confirm = "Approve",
          .deny = "Back"};
}

Confirm confirm_reject(const Place& place, std::string_view action, const Text& revision) {
  return {.title = "Reject this deployment?",
          .text = decision_question(false, place, action, revision),
          .confirm = "Reject",
          .deny = "Back",
          .danger = true};
}

Text needs_approval(const Text& approvers, const Place& place, std::string_view action) {
  const Text head = approvers.empty() ? Text{} : approvers + ": ";
  return head + whole(place) + " waits for approval at " + plain(action) + ".";
}

Text decided_line(bool approved, const SlackUser& by, std::string_view action,
                  std::string_view reason) {
  const Text word = approved ? Text{"✅ *Approved*"} : Text{"⛔ *Rejected*"};
  return word + " by " + user(by) + " at " + plain(action) + "." + quoted(reason);
}

Text is_live(const Place& place, Duration took, const SlackUser& approved_by) {
  Text line = "✅ " + bold(plain(place.pipeline)) + " is live in " + plain(place.account_name) +
              ", " + plain(human_duration(took)) + ".";
  if (!approved_by.empty()) line += " Approved by " + user(approved_by) + ".";
  return line;
}

Text has_failed(const Place& place, const SlackUser& starter, std::string_view action,
                std::string_view why, std::string_view url) {
  Text line = starter.empty() ? Text{} : user(starter) + ": ";
  line += "❌ " + whole(place) + " " + bold("failed");
  if (!action.empty()) line += " at " + link(url, plain(action));
  if (!why.empty()) line += ": " + plain(why, 300);
  return line + ".";
}

Text has_ended(const Place& place, std::string_view how) {
  return whole(place) + " " + bold(plain(how)) + ".";
}

Text has_gone(const Place& place, const SlackUser& starter, const SlackUser& decided_in_vain,
              std::string_view service_code) {
  Text line = starter.empty() ? Text{} : user(starter) + ": ";
  line += whole(place) + " " + bold("ended") + ": AWS no longer knows this execution (" +
          code(service_code) + "); it or its pipeline was deleted.";
  if (!decided_in_vain.empty())
    line += " The decision of " + user(decided_in_vain) + " did not reach AWS.";
  return line;
}

}  // namespace ringi::message::english
