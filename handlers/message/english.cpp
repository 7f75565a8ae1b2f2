#include "handlers/message/english.hpp"

namespace ringi::message {

Message said(const Text& line) {
  return {unformatted(line), {Section{line}}};
}

Message said(const Text& line, std::vector<Button> buttons) {
  auto message = said(line);
  message.blocks.emplace_back(Actions{"", std::move(buttons)});
  return message;
}

namespace english {
namespace {

// "2222-3333-4444": easier to compare by eye.
Text grouped(const AccountId& id) {
  const auto& digits = id.str();
  if (digits.size() != 12) return plain(digits);
  return plain(digits.substr(0, 4) + "-" + digits.substr(4, 4) + "-" + digits.substr(8));
}

Text did_you_mean(std::string_view nearest) {
  if (nearest.empty()) return {};
  return " Did you mean " + code(nearest) + "?";
}

Text see_status(std::string_view deploy) {
  return " Before you ask again: " + code(std::string{deploy} + " status") +
         " shows whether AWS began it. ";
}

Text words_of(DeadButton why) {
  switch (why) {
    case DeadButton::used_before:
      return "this button was used before.";
    case DeadButton::expired:
      return "this button was good for 15 minutes.";
    case DeadButton::not_yours:
      return "this button belongs to somebody else.";
    case DeadButton::pipeline_gone:
      return "the pipeline is no longer there.";
    case DeadButton::unknown:
      break;
  }
  return "this button belongs to nothing that ringi knows.";
}

Text list_hint(std::string_view deploy) {
  return " " + code(std::string{deploy} + " list") + " shows what you can deploy.";
}

}  // namespace

Text account(const Place& place) {
  return plain(place.account_name) + " (" + grouped(place.account) + ")";
}

Text whole(const Place& place) {
  const Text environment = place.production ? bold("PRODUCTION") : plain(place.environment);
  return bold(plain(place.pipeline)) + " in " + account(place) + ", " + environment + ", " +
         plain(place.region.str());
}

std::string_view short_revision(std::string_view id) {
  constexpr std::size_t git = 40;
  return id.substr(0, id.size() == git ? 7 : 12);
}

std::string target(const Place& place) {
  return (place.shares_name ? place.account.str() : place.account_name) + "/" + place.pipeline;
}

Message unknown_word(std::string_view word, std::string_view nearest, std::string_view usage_line) {
  return said("There is no " + code(word) + "." + did_you_mean(nearest) + "\n" +
              plain(usage_line, 600));
}

Message usage(std::string_view line) {
  return said("Usage: " + code(line, 600));
}
Message not_in_this_version(std::string_view what) {
  return said(code(what) + ": not in this version.");
}

Message malformed(std::string_view what, std::string_view usage_line) {
  return said(plain(what) + "\nUsage: " + code(usage_line, 600));
}

Message no_pipeline(std::string_view name, std::string_view nearest, std::string_view deploy) {
  return said("There is no pipeline " + code(name) + "." + did_you_mean(nearest) +
              list_hint(deploy));
}

Message no_account(std::string_view name, std::string_view nearest, std::string_view deploy) {
  return said("There is no account " + code(name) + "." + did_you_mean(nearest) +
              list_hint(deploy));
}

Message starting(const Place& place, std::string_view permalink) {
  Text line = "Starting " + bold(plain(place.pipeline)) + " in " + account(place) + ", " +
              (place.production ? bold("PRODUCTION") : plain(place.environment)) + ".";
  if (permalink.empty()) {
    line += " Progress: the card follows in the account's channel.";
  } else {
    line += " Progress: " + link(permalink, "the card") + ".";
  }
  return said(line);
}

Message ask_start(const Place& place, const Text& last, const Text& revision, const Text& variables,
                  Button start) {
  Text line = "Start " + whole(place) + "?";
  if (!revision.empty()) line += " Revision: " + revision + ".";
  if (!variables.empty()) line += " Variables: " + variables + ".";
  if (!last.empty()) line += " Deployed last: " + last + ".";
  std::vector<Button> buttons;
  buttons.push_back(std::move(start));
  auto message = said(line, std::move(buttons));
  message.blocks.emplace_back(Context{{"The button works once, for 15 minutes."}});
  return message;
}

Message choose(std::string_view pipeline, std::vector<Button> candidates) {
  return said("There are several pipelines " + code(pipeline) + ". Which one?",
              std::move(candidates));
}

Text deployed_last(std::string_view id, std::string_view summary) {
  if (id.empty()) return {};
  const Text revision = code(short_revision(id));
  return summary.empty() ? revision : revision + ", " + plain(summary, 120);
}

Message observed_start(const Place& place) {
  return said("ringi only observes " + whole(place) +
              ": it starts nothing there. Start it in AWS; the card follows.");
}

Message confirmation_gone(DeadButton why, std::string_view deploy) {
  return said("Nothing was started: " + words_of(why) +
              " To ask again: " + code(std::string{deploy} + " start"));
}

Message refused(const Refusal& refusal) {
  Text line = "You cannot " + plain(refusal.verb) + " " + plain(refusal.target) + ": " +
              plain(refusal.rule) + ".";
  line += refusal.who.empty() ? Text{" Nobody else can either; an operator can change the rules."}
                              : " " + refusal.who + " can.";
  line += " Ask why: " + code(refusal.why_command);
  return said(line);
}

Message not_a_caller() {
  return said("ringi takes commands and clicks from full members of its own workspace only.");
}

Message shared_channel() {
  return said(
      "This channel is shared with another organization, and ringi's configuration does not name "
      "it in "
      "`external_channels`: nothing was done. Ask in another channel.");
}

Text what_failed(const Error& error) {
  std::string_view why = error.person.text;
  while (why.ends_with('.')) why.remove_suffix(1);
  return plain(why, 600) + " (" + code(code_of(error), 80) + ")";
}

Message failed_for_now(const Error& error, std::string_view short_id) {
  return said("Not done yet: " + what_failed(error) + ". ringi will try again by itself. " +
              code(short_id));
}

Message failed(const Error& error, std::string_view short_id) {
  if (error.code == Errc::ask_again)
    return said("Nothing was done: " + what_failed(error) + ". Try again. " + code(short_id));
  const bool lost = error.code == Errc::unknown_outcome;
  const Text head = lost ? Text{"It is not known whether this was done: "} : Text{"Not done: "};
  return said(head + what_failed(error) + ". It will not be tried again. " + code(short_id));
}

Message failed_but_done(const Error& error, std::string_view short_id) {
  return said("Done, and in the ledger; but ringi could not say so before: " + what_failed(error) +
              ". The card shows the result. " + code(short_id));
}

Message not_known(const Error& error, std::string_view deploy, std::string_view short_id) {
  return said("It is not known whether this was done: " + what_failed(error) +
              ". It will not be tried again." + see_status(deploy) + code(short_id));
}

Message too_old_but_done(std::string_view deploy, std::string_view short_id) {
  return said("Done, but said late: ringi was held up after it. " +
              code(std::string{deploy} + " status") + " shows it. " + code(short_id));
}

Message too_old_but_begun(std::string_view deploy, std::string_view short_id) {
  return said(
      "It is not known whether this was done: ringi was stopped in the middle of it, and came back "
      "to it more than 15 minutes after you asked. It will not be tried again." +
      see_status(deploy) + code(short_id));
}

Message too_old(std::string_view short_id) {
  return said(
      "Not done: ringi came to it more than 15 minutes after you asked. Ask again if it is still "
      "wanted. " +
      code(short_id));
}

Message still_wanted(std::string_view words, Button yes) {
  std::vector<Button> buttons;
  buttons.push_back(std::move(yes));
  return said("Slack told you that this failed, but ringi did receive it: " + code(words, 1000) +
                  "\nNothing was done yet. Is it still wanted?",
              std::move(buttons));
}

Message going_ahead(std::string_view words) {
  return said("Going ahead: " + code(words, 1000));
}

Message wanted_no_more(DeadButton why) {
  return said("Nothing was done: " + words_of(why));
}

Message press_again() {
  return said(
      "Slack told you that your click failed, but ringi did receive it late. Nothing was done: "
      "press again "
      "if it is still wanted.");
}

}  // namespace english
}  // namespace ringi::message
