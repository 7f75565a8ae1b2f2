#include "handlers/message/english_decision.hpp"

#include "handlers/message/english_card.hpp"
#include "handlers/message/unicode.hpp"

namespace ringi::message::english {
namespace {

Text words_of(Ended how) {
  switch (how) {
    case Ended::expired:
      return "it expired";
    case Ended::superseded:
      return "a newer execution, a stop or a deletion ended it";
    case Ended::in_aws:
      break;
  }
  return "it was decided in AWS, not in ringi";
}

}  // namespace

Text verdict(bool approved) {
  return approved ? Text{"approved"} : Text{"rejected"};
}

Message recorded(bool approved, const Place& place, std::string_view action, std::int64_t entry,
                 Sent sent) {
  const Text then = sent == Sent::done ? Text{"AWS has it"} : Text{"AWS is told now"};
  return said("Recorded as " + footer(entry) + ": " + bold(verdict(approved)) + ", " +
              whole(place) + " at " + plain(action) + ". " + then + "; the card shows the result.");
}

Message decided_before(bool approved, const SlackUser& by, Time at) {
  return said("Nothing was changed: " + user(by) + " " + verdict(approved) + " it " + date(at) +
              ".");
}

Message decided_in_vain(bool approved, const SlackUser& by, Time at) {
  return said(
      "Nothing was changed: " + user(by) + " " + verdict(approved) + " it " + date(at) +
      ", and AWS did not take that. ringi decides an approval once: decide this one in AWS.");
}

Message no_longer_waiting(Ended how) {
  return said("Nothing was changed: this approval no longer waits (" + words_of(how) + ").");
}

Message own_deployment(const Place& place, std::string_view rule, const Text& who,
                       std::string_view why_command) {
  Text line = "You cannot approve " + plain(target(place)) +
              ": you started it, and four eyes decide here (" + code(rule) + "). ";
  if (!who.empty()) line += who + " can. ";
  return said(line + "You may reject it. Ask why: " + code(why_command));
}

Message reason_missing() {
  return said(
      "Nothing was changed: a decision here needs a reason. Press the button again in a moment: it "
      "asks for one.");
}
std::string reason_missing_field() {
  return "Give a reason.";
}

Message would_have(bool approved, const Place& place) {
  return said("You may do this: it would have been " + bold(verdict(approved)) +
              ". ringi only observes " + whole(place) + " and sent nothing; decide in AWS.");
}

Message unknown_button() {
  return said("Nothing was changed: this button belongs to nothing that ringi knows.");
}

Message ended_before(const Place& place, Ended how) {
  return said("Your decision on " + whole(place) + " did not take effect: " + words_of(how) +
              " before.");
}

Message overtaken(const Place& place, std::string_view principal) {
  return said("Your decision on " + whole(place) + " did not take effect: it was decided before" +
              in_console(principal) + ".");
}

Message not_accepted(const Place& place, std::string_view service_code, std::string_view short_id) {
  return said("Your decision on " + whole(place) + " did not take effect: AWS did not accept it (" +
              code(service_code.empty() ? "no code" : service_code) +
              "). It will not be tried again; decide in AWS. " + code(short_id));
}

Message not_sent(const Place& place) {
  return said("Your decision on " + whole(place) +
              " was not sent to AWS: ringi only observes there by now. Decide in AWS.");
}

std::string summary(bool approved, std::string_view name, const SlackUser& by,
                    std::string_view reason) {
  std::string line = approved ? "Approved by " : "Rejected by ";
  line += one_line(name, 60) + " (" + by.str() + ") via ringi";
  if (!reason.empty()) line += ": " + one_line(reason, 300);
  return line;
}

}  // namespace ringi::message::english
