#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ringi::message {

struct Character {
  char32_t point = 0;
  std::size_t bytes = 1;  // taken from the input; a byte that is no UTF-8 is one U+FFFD
};

Character read_character(std::string_view text);
void append_character(std::string& out, char32_t point);

// How Slack most likely counts; never less than code points.
std::size_t utf16_length(std::string_view text);

// What a person may see of foreign text in one line: valid UTF-8, no control characters, line
// breaks or bidi marks, runs of blanks as one. Cut to `limit` UTF-16 units with a visible "…".
std::string one_line(std::string_view foreign, std::size_t limit);

// The same, but line breaks and tabs stay: for preformatted text.
std::string several_lines(std::string_view foreign, std::size_t limit);

// Cuts to `limit` UTF-16 units, "…" included; what is no UTF-8 becomes U+FFFD.
std::string cut(std::string_view text, std::size_t limit);

}  // namespace ringi::message
