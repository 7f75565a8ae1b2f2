#include "server/cli/usage.hpp"

#include "handlers/access/nearest.hpp"

#include <CLI/CLI.hpp>

#include <vector>

namespace ringi::cli {
namespace {

const CLI::App& innermost(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? app : innermost(*parsed.front());
}

std::string path_of(const CLI::App& app) {
  return app.get_parent() == nullptr ? app.get_name()
                                     : path_of(*app.get_parent()) + " " + app.get_name();
}

// What stands in the help there: a word of a later version is no suggestion.
std::vector<std::string> known_verbs(const CLI::App& app) {
  std::vector<std::string> words;
  for (const auto* verb :
       app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); })) {
    words.push_back(verb->get_name());
  }
  return words;
}

std::vector<std::string> known_words(const CLI::App& app) {
  auto words = known_verbs(app);
  for (const auto* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) words.push_back("--" + name);
  }
  return words;
}

std::string missing_verb(const CLI::App& where) {
  std::string verbs;
  for (const auto& verb : known_verbs(where)) verbs += (verbs.empty() ? "" : ", ") + verb;
  return "no subcommand is named, " + path_of(where) + ", name one of " + verbs;
}

// The option that the parser speaks of; "" where none is.
std::string named_in(const CLI::App& where, const std::string& text) {
  std::string longest;
  for (const auto* app = &where; app != nullptr; app = app->get_parent()) {
    for (const auto* option : app->get_options()) {
      const auto name = option->get_name();
      if (text.find(name) != text.npos && name.size() > longest.size()) longest = name;
    }
  }
  return longest;
}

std::string missing_option(const CLI::App& where) {
  for (const auto* option : where.get_options()) {
    if (option->get_required() && option->count() == 0) return option->get_name() + " is missing";
  }
  return "something is missing";
}

// The one value that is converted is a positional number; a flag's own fails in the same way.
std::string wrong_value(const std::string& option, const std::string& text) {
  const std::string before = "Could not convert: " + option + " = ";
  if (option.starts_with("--") || !text.starts_with(before)) return option + " takes no value";
  return option + " is \"" + text.substr(before.size()) + "\" and no number";
}

std::string what(const CLI::App& where, const CLI::ParseError& wrong) {
  std::string text = wrong.what();
  const auto option = named_in(where, text);
  const auto& kind = wrong.get_name();
  if (kind == "RequiredError") return missing_option(where);
  if (option.empty()) return text;
  if (kind == "ConversionError") return wrong_value(option, text);
  if (kind != "ArgumentMismatch") return text;
  if (text.find("override") != text.npos) return option + " takes no value";
  return option +
         (text.find("At Most") == text.npos ? " has no value" : " is given more than once");
}

}  // namespace

// The parser misses the subcommand before it looks at the unknown word in its place.
std::string what_is_wrong(const CLI::App& app, const CLI::ParseError& wrong) {
  const auto unknown = app.remaining(true);
  const auto& where = innermost(app);
  const std::string see = "see " + path_of(where) + " --help";
  if (!unknown.empty()) {
    const auto meant = access::nearest(unknown.front(), known_words(where));
    return "there is no \"" + unknown.front() + "\", " + path_of(where) + ", " +
           (meant ? "did you mean \"" + *meant + "\"? " : "") + see;
  }
  if (where.get_require_subcommand_min() > 0 && where.get_subcommands().empty())
    return missing_verb(where);
  return what(where, wrong) + ", " + path_of(where) + ", " + see;
}

}  // namespace ringi::cli
