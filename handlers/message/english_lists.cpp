#include "handlers/message/english_lists.hpp"

#include <algorithm>

namespace ringi::message::english {

Text nothing_waits() {
  return "Nothing waits for you.";
}
Text nothing_to_start() {
  return "There is nothing here that you can start.";
}
Text nothing_found() {
  return "Nothing found.";
}
Text nothing_pending() {
  return "Nothing waits for approval.";
}
Text pending_heading() {
  return bold("Waiting for approval");
}
Text pipelines_heading() {
  return bold("Pipelines");
}
Text which_one() {
  return "There are several. Which one?";
}
Text never_ran() {
  return "It has not run yet.";
}
Text waiting_heading() {
  return bold("Waiting for you");
}
Text startable_heading() {
  return bold("What you can start");
}

Text waiting_item(const Place& place, std::string_view action, std::optional<Time> since,
                  std::string_view card_url) {
  Text line = "✋ " + whole(place) + " at " + plain(action);
  if (since) line += " since " + date(*since);
  return card_url.empty() ? line : line + " · " + link(card_url, "card");
}

Text startable_item(const Place& place, const Text& last, std::optional<Time> when,
                    const Text& by) {
  Text line = code(target(place)) + (place.production ? " " + bold("PRODUCTION") : Text{});
  if (last.empty()) return line;
  line += " · last " + last;
  if (when) line += " " + date(*when);
  return by.empty() ? line : line + " by " + by;
}

Text execution_item(std::string_view status, std::string_view execution, std::optional<Time> when,
                    const Text& revision, std::string_view url) {
  Text line = bold(plain(status)) + " · " + link(url, code(execution.substr(0, 8)));
  if (when) line += " · " + date(*when);
  return revision.empty() ? line : line + " · " + revision;
}

Text and_more(std::size_t count) {
  return "… and " + plain(std::to_string(count)) + " more; add words to narrow it.";
}

Text and_more_to_start(std::size_t count, std::string_view deploy) {
  return "… and " + plain(std::to_string(count)) + " more: " + code(std::string{deploy} + " list") +
         " shows them.";
}

Text and_more_waiting(std::size_t count) {
  return "… and " + plain(std::to_string(count)) + " more; each has its card.";
}

Text own_start() {
  return " · you started it: somebody else approves";
}

Text no_answer_from(const std::vector<std::string>& places, std::string_view service_code) {
  constexpr std::size_t named = 10;
  std::vector<Text> names;
  for (std::size_t i = 0; i < std::min(places.size(), named); ++i)
    names.push_back(plain(places[i]));
  Text line = "No answer from " + join(names, ", ");
  if (places.size() > named)
    line += " and " + plain(std::to_string(places.size() - named)) + " more";
  return line + " (" + code(service_code.empty() ? "no code" : service_code) + ").";
}

Text home_text(std::size_t waiting, std::size_t startable) {
  return plain("Waiting for you: " + std::to_string(waiting) + ". You can start " +
               std::to_string(startable) + (startable == 1 ? " pipeline." : " pipelines."));
}

Message list_of(const Text& heading, const std::vector<Text>& lines) {
  constexpr std::size_t full = 2600;  // Slack takes 3,000 characters a section
  Message message{unformatted(heading), {}};
  Text section = heading;
  for (const auto& line : lines) {
    if (section.mrkdwn().size() + line.mrkdwn().size() > full) {
      message.blocks.emplace_back(Section{std::exchange(section, Text{})});
    }
    section += section.empty() ? line : "\n" + line;
  }
  message.blocks.emplace_back(Section{section});
  return message;
}

}  // namespace ringi::message::english
