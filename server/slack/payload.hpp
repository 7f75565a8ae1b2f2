#pragma once

#include "handlers/types/requests.hpp"
#include "server/slack/form_memory.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace ringi::slack {

// Whose request it is, as it says; compared with our own before anything is done.
struct Origin {
  std::string team;
  std::string app;
};

// What [slack] commands calls our three commands, with the slash.
struct CommandNames {
  std::string deploy = "/deploy";
  std::string aws = "/aws";
  std::string ringi = "/ringi";
};

// Signed and well-formed, but nothing for us to do: a link button, a closed form, an event of a
// bot.
struct Nothing {};

struct SlashCommand {
  Origin origin;
  Command command;
  std::string trigger_id;
};

struct SentForm {
  Submission submission;
  FormMemory memory;
  std::string state;  // canonical JSON of what was entered
};

struct Interaction {
  Origin origin;
  std::variant<Nothing, Click, SentForm> what;
};

// Slack asks whether the URL is ours; says neither team nor app.
struct Challenge {
  std::string text;
};

struct GroupChanged {
  SlackGroup group;
};

struct Event {
  Origin origin;
  std::string id;
  std::variant<Nothing, Challenge, Command, GroupChanged> what;
};

// nullopt: malformed, 400. A command by a name that is not ours becomes "ringi" with that name as
// its first word, so that the answer names the nearest known one.
std::optional<SlashCommand> parse_command(std::string_view form, const CommandNames& names);

// The form with `payload=`: block_actions, view_submission; all other types are Nothing. Of several
// actions in one payload the first counts; Slack sends one.
std::optional<Interaction> parse_interaction(std::string_view form);

// url_verification and event_callback: app_mention, subteam_*; all other types are Nothing.
std::optional<Event> parse_event(std::string_view json);

// Typed text as it was meant: smart quotes become plain ones, no-break and ideographic spaces plain
// spaces; blanks at both ends go. Slack's own escapes stay.
std::string normalised(std::string_view text);

}  // namespace ringi::slack
