#include "server/aws/profile.hpp"

#include <algorithm>

namespace ringi::aws {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r");
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

// " #" and " ;" start a comment after a value; inside a word they belong to it.
std::string_view without_comment(std::string_view value) {
  const auto mark = std::min(value.find(" #"), value.find(" ;"));
  return mark == value.npos ? value : trimmed(value.substr(0, mark));
}

}  // namespace

Sections parse_profiles(std::string_view text) {
  Sections sections;
  Section* section = nullptr;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    const auto raw = text.substr(from, end - from);
    const auto line = trimmed(raw);
    from = end + 1;
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      const auto close = line.find(']');
      section =
          close == line.npos ? nullptr : &sections[std::string{trimmed(line.substr(1, close - 1))}];
      continue;
    }
    const bool nested = raw.front() == ' ' || raw.front() == '\t';
    const auto equals = line.find('=');
    if (!section || nested || equals == line.npos) continue;
    (*section)[std::string{trimmed(line.substr(0, equals))}] =
        without_comment(trimmed(line.substr(equals + 1)));
  }
  return sections;
}

}  // namespace ringi::aws
