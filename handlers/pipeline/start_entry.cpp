#include "handlers/pipeline/start_entry.hpp"

#include <algorithm>
#include <cctype>

namespace ringi::pipeline {
namespace {

constexpr const char* redacted = "(redacted)";

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

// "api_token" is as much a secret as "API_TOKEN".
bool is_hidden(const access::Rules& rules, const std::string& name) {
  return std::ranges::any_of(rules.redact_variables, [&](const std::string& glob) {
    return access::glob_matches(upper(glob), upper(name));
  });
}

}  // namespace

ports::Entry start_entry(const access::Rules& rules, const Site& site, const Caller& caller,
                         const Via& via, const PipelineRef& ref, const StartWords& words) {
  ports::Entry entry;
  entry.kind = "pipeline.started";
  entry.actor = caller;
  entry.target = subject_of(site, {ref, {}});
  for (const auto& [action, id] : words.revisions) entry.target->revisions.push_back({action, id});
  for (auto& [name, value] : shown_variables(rules, words))
    entry.details["variable " + name] = std::move(value);
  entry.started_by = caller.user;
  entry.via = via;
  return entry;
}

Pairs shown_variables(const access::Rules& rules, const StartWords& words) {
  auto shown = words.variables;
  for (auto& [name, value] : shown) {
    if (is_hidden(rules, name)) value = redacted;
  }
  return shown;
}

std::string without_secrets(const access::Rules& rules, const std::string& command) {
  std::string shown;
  for (const auto& word : split_words(command)) {
    const auto equals = word.find('=');
    const auto name = word.substr(0, equals);
    const bool hidden = equals != std::string::npos && is_hidden(rules, name);
    shown += (shown.empty() ? "" : " ") + (hidden ? name + "=" + redacted : word);
  }
  return shown;
}

}  // namespace ringi::pipeline
