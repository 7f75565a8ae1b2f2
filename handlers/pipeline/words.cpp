#include "handlers/pipeline/words.hpp"

#include "handlers/message/unicode.hpp"

#include <algorithm>

namespace ringi::pipeline {
namespace {

// AWS: at most 50 variables and 50 source overrides, names up to 128, values up to 1,000
// characters.
constexpr std::size_t most_pairs = 50, longest_name = 128, longest_value = 1000;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_quote(char c) {
  return c == '"' || c == '\'';
}

// "<https://a.example|a.example>" -> "https://a.example"; "<@U1|ada>" -> "@U1".
std::string without_links(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text[at] == '<' ? text.find('>', at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      out += text[at++];
      continue;
    }
    const auto inside = text.substr(at + 1, end - at - 1);
    out += inside.substr(0, inside.find('|'));
    at = end + 1;
  }
  return out;
}

std::string without_entities(std::string text) {
  const std::pair<std::string_view, std::string_view> entities[] = {
      {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}};
  for (const auto& [entity, character] : entities) {
    for (auto at = text.find(entity); at != std::string::npos; at = text.find(entity, at + 1)) {
      text.replace(at, entity.size(), character);
    }
  }
  return text;
}

Error wrong(std::string sentence) {
  return error(Errc::invalid, std::move(sentence));
}

Result<std::pair<std::string, std::string>> parse_pair(const std::string& word, const char* shape) {
  const auto equals = word.find('=');
  if (equals == std::string::npos || equals == 0)
    return wrong("\"" + word + "\" is not " + shape + ".");
  std::pair<std::string, std::string> pair{word.substr(0, equals), word.substr(equals + 1)};
  if (pair.first.size() > longest_name) return wrong("A name may have 128 characters at most.");
  if (pair.second.empty()) return wrong("\"" + pair.first + "\" has no value.");
  if (message::utf16_length(pair.second) > longest_value)
    return wrong("A value may have 1000 characters at most.");
  return pair;
}

Result<void> add_pair(const std::string& word, const char* shape, Pairs& pairs) {
  auto pair = parse_pair(word, shape);
  if (pair.has_error()) return pair.error();
  const auto same = std::ranges::find(pairs, pair.value().first, &Pairs::value_type::first);
  if (same != pairs.end()) return wrong("\"" + same->first + "\" is given twice.");
  if (pairs.size() == most_pairs) return wrong("At most 50 variables and 50 revisions.");
  pairs.push_back(std::move(pair).value());
  return {};
}

// Each double quote stands in single ones, everything else in double ones.
std::string quoted(const std::string& word) {
  if (std::ranges::none_of(word, [](char c) { return is_blank(c) || is_quote(c); })) return word;
  std::string out = "\"";
  for (const char c : word) {
    if (c == '"')
      out += "\"'\"'\"";
    else
      out += c;
  }
  return out + "\"";
}

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

}  // namespace

std::vector<std::string> split_words(std::string_view text) {
  const auto line = without_links(text);
  std::vector<std::string> words;
  std::string word;
  bool begun = false;
  char quote = 0;
  for (char c : line) {
    if (quote != 0 ? c == quote : is_quote(c)) {
      quote = quote != 0 ? '\0' : c;
      begun = true;
    } else if (quote == 0 && is_blank(c)) {
      if (begun) words.push_back(without_entities(std::exchange(word, {})));
      begun = false;
    } else {
      word += c;
      begun = true;
    }
  }
  if (begun) words.push_back(without_entities(std::move(word)));
  return words;
}

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

Result<StartWords> parse_start(const std::vector<std::string>& words) {
  constexpr std::string_view option = "--revision";
  StartWords start;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    Result<void> added;
    if (word == option && i + 1 == words.size()) return wrong("--revision needs ACTION=REVISION.");
    if (word == option) {
      added = add_pair(words[++i], "ACTION=REVISION", start.revisions);
    } else if (word.starts_with("--revision=")) {
      added = add_pair(word.substr(option.size() + 1), "ACTION=REVISION", start.revisions);
    } else if (word.starts_with("--")) {
      return wrong("There is no option \"" + word + "\" here.");
    } else if (start.target.empty()) {
      start.target = word;
    } else {
      added = add_pair(word, "NAME=VALUE", start.variables);
    }
    if (added.has_error()) return added.error();
  }
  if (start.target.empty()) return wrong("Which pipeline?");
  return start;
}

std::string written(const PipelineRef& ref, const StartWords& words) {
  std::string out = "start " + to_string(ref);
  for (const auto& [name, value] : words.variables) out += " " + quoted(name + "=" + value);
  for (const auto& [name, value] : words.revisions)
    out += " --revision " + quoted(name + "=" + value);
  return escaped(out);
}

}  // namespace ringi::pipeline
