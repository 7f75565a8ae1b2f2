#include "server/slack/form.hpp"
#include "server/slack/payload.hpp"

#include <array>

namespace ringi::slack {
namespace {

struct Replacement {
  std::string_view from;
  char to;
};

// What phones, word processors and Japanese keyboards put where a command line has ASCII.
constexpr std::array<Replacement, 11> replacements{{{"\u201c", '"'},   // “
                                                    {"\u201d", '"'},   // ”
                                                    {"\u201e", '"'},   // „
                                                    {"\u2018", '\''},  // ‘
                                                    {"\u2019", '\''},  // ’
                                                    {"\u00a0", ' '},   // no-break space
                                                    {"\u202f", ' '},   // narrow no-break space
                                                    {"\u2007", ' '},   // figure space
                                                    {"\u3000", ' '},   // ideographic space
                                                    {"\r", ' '},
                                                    {"\n", ' '}}};

std::string field(const Form& form, std::string_view name) {
  const auto at = form.find(name);
  return at == form.end() ? std::string{} : at->second;
}

// Sets word and text from the command's name and what follows it.
void name_command(const std::string& name, const CommandNames& names, Command& command) {
  if (name == names.deploy) {
    command.word = "deploy";
  } else if (name == names.aws) {
    command.word = "aws";
  } else {
    command.word = "ringi";
    if (name != names.ringi)
      command.text = name.substr(1) + (command.text.empty() ? "" : " ") + command.text;
  }
}

}  // namespace

std::string normalised(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Replacement* found = nullptr;
    for (const auto& replacement : replacements) {
      if (text.starts_with(replacement.from)) found = &replacement;
    }
    out += found ? found->to : text.front();
    text.remove_prefix(found ? found->from.size() : 1);
  }
  const auto first = out.find_first_not_of(" \t");
  if (first == out.npos) return {};
  return out.substr(first, out.find_last_not_of(" \t") - first + 1);
}

std::optional<SlashCommand> parse_command(std::string_view body, const CommandNames& names) {
  const auto form = parse_form(body);
  if (!form) return std::nullopt;
  const auto name = field(*form, "command");
  const auto team = SlackTeam::parse(field(*form, "team_id"));
  const auto user = SlackUser::parse(field(*form, "user_id"));
  const auto channel = SlackChannel::parse(field(*form, "channel_id"));
  auto trigger = field(*form, "trigger_id");
  if (!team || !user || !channel || trigger.empty()) return std::nullopt;
  if (name.size() < 2 || name.front() != '/') return std::nullopt;
  SlashCommand parsed{
      .origin = {team->str(), field(*form, "api_app_id")},
      .command = {.caller = {*team, *user, field(*form, "user_name")},
                  .via = {.channel = *channel,
                          .response_url = ResponseUrl{field(*form, "response_url")}},
                  .text = normalised(field(*form, "text"))},
      .trigger_id = std::move(trigger)};
  name_command(name, names, parsed.command);
  return parsed;
}

}  // namespace ringi::slack
