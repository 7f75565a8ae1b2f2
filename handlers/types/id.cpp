#include "handlers/types/id.hpp"

#include <algorithm>

namespace ringi::rule {
namespace {

bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool hex(char c) {
  return digit(c) || (c >= 'a' && c <= 'f');
}

// Slack ids are opaque and case-sensitive: a letter that names the kind, then capitals and digits.
bool slack_id(std::string_view text, std::string_view kinds) {
  return text.size() >= 2 && text.size() <= 64 && kinds.find(text[0]) != kinds.npos &&
         std::ranges::all_of(text.substr(1), [](char c) { return upper(c) || digit(c); });
}

}  // namespace

bool AccountId::valid(std::string_view text) {
  return text.size() == 12 && std::ranges::all_of(text, digit);
}

bool Region::valid(std::string_view text) {
  const auto last = text.rfind('-');
  if (text.size() > 32 || last == text.npos || last + 1 == text.size()) return false;
  const auto words = text.substr(0, last);
  return words.size() >= 4 && lower(words.front()) && lower(words.back()) &&
         words.find('-') != words.npos && words.find("--") == words.npos &&
         std::ranges::all_of(words, [](char c) { return lower(c) || c == '-'; }) &&
         std::ranges::all_of(text.substr(last + 1), digit);
}

bool PipelineName::valid(std::string_view text) {
  return !text.empty() && text.size() <= 100 && std::ranges::all_of(text, [](char c) {
    return lower(c) || upper(c) || digit(c) || c == '.' || c == '@' || c == '-' || c == '_';
  });
}

bool ExecutionId::valid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !hex(text[i])) return false;
  }
  return true;
}

bool SlackTeam::valid(std::string_view text) {
  return slack_id(text, "T");
}
bool SlackUser::valid(std::string_view text) {
  return slack_id(text, "UW");
}
bool SlackChannel::valid(std::string_view text) {
  return slack_id(text, "CGD");
}
bool SlackGroup::valid(std::string_view text) {
  return slack_id(text, "S");
}
bool SlackApp::valid(std::string_view text) {
  return slack_id(text, "A");
}

bool MessageTs::valid(std::string_view text) {
  const auto dot = text.find('.');
  return dot != text.npos && dot >= 1 && dot <= 12 && text.size() == dot + 7 &&
         std::ranges::all_of(text.substr(0, dot), digit) &&
         std::ranges::all_of(text.substr(dot + 1), digit);
}

bool OpaqueId::valid(std::string_view text) {
  return text.size() == 26 &&
         std::ranges::all_of(text, [](char c) { return upper(c) || digit(c); });
}

}  // namespace ringi::rule

namespace ringi {

std::string short_id(const OpaqueId& id) {
  constexpr std::size_t shown = 6;
  return id.str().substr(id.str().size() - std::min(shown, id.str().size()));
}

}  // namespace ringi
