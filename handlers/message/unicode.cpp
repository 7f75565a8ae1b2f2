#include "handlers/message/unicode.hpp"

#include <array>

namespace ringi::message {
namespace {

constexpr char32_t replacement = 0xFFFD;
constexpr std::string_view ellipsis = "…";

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Bytes of the sequence that `lead` opens; 0 for a byte that opens none.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

bool is_allowed(char32_t point, std::size_t bytes) {
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  return point >= smallest[bytes] && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
}

// Marks that reorder or hide what stands around them (Unicode UAX 9, and the byte order mark).
bool is_invisible(char32_t point) {
  return point == 0x061C || (point >= 0x200B && point <= 0x200F) ||
         (point >= 0x202A && point <= 0x202E) || (point >= 0x2060 && point <= 0x2069) ||
         point == 0xFEFF || (point >= 0xE0000 && point <= 0xE007F);
}

bool is_blank(char32_t point) {
  return point <= 0x20 || (point >= 0x7F && point <= 0xA0) || point == 0x2028 || point == 0x2029;
}

std::size_t utf16_units(char32_t point) {
  return point >= 0x10000 ? 2 : 1;
}

}  // namespace

Character read_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const auto length = sequence_length(lead);
  if (length == 0 || length > text.size()) return {replacement, 1};
  if (length == 1) return {lead, 1};
  auto point = static_cast<char32_t>(lead & (0x7FU >> length));
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[i])) return {replacement, 1};
    point = (point << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  if (!is_allowed(point, length)) return {replacement, 1};
  return {point, length};
}

void append_character(std::string& out, char32_t point) {
  const auto push = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (point < 0x80) return push(point);
  if (point < 0x800) {
    push(0xC0U | (point >> 6U));
  } else if (point < 0x10000) {
    push(0xE0U | (point >> 12U));
    push(0x80U | ((point >> 6U) & 0x3FU));
  } else {
    push(0xF0U | (point >> 18U));
    push(0x80U | ((point >> 12U) & 0x3FU));
    push(0x80U | ((point >> 6U) & 0x3FU));
  }
  push(0x80U | (point & 0x3FU));
}

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto character = read_character(text.substr(at));
    units += utf16_units(character.point);
    at += character.bytes;
  }
  return units;
}

std::string cut(std::string_view text, std::size_t limit) {
  std::string out;
  std::size_t units = 0;
  std::size_t room_for_mark = 0;  // bytes of `out` that leave one unit for the mark
  for (std::size_t at = 0; at < text.size();) {
    const auto character = read_character(text.substr(at));
    at += character.bytes;
    units += utf16_units(character.point);
    if (units > limit)
      return limit == 0 ? std::string{} : out.substr(0, room_for_mark).append(ellipsis);
    append_character(out, character.point);
    if (units < limit) room_for_mark = out.size();
  }
  return out;
}

std::string one_line(std::string_view foreign, std::size_t limit) {
  std::string out;
  for (std::size_t at = 0; at < foreign.size();) {
    const auto character = read_character(foreign.substr(at));
    at += character.bytes;
    if (is_invisible(character.point)) continue;
    if (!is_blank(character.point)) {
      append_character(out, character.point);
    } else if (!out.empty() && out.back() != ' ') {
      out.push_back(' ');
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return cut(out, limit);
}

std::string several_lines(std::string_view foreign, std::size_t limit) {
  std::string out;
  for (std::size_t at = 0; at < foreign.size();) {
    const auto character = read_character(foreign.substr(at));
    at += character.bytes;
    if (is_invisible(character.point) || character.point == '\r') continue;
    const bool stays = character.point == '\n' || !is_blank(character.point);
    append_character(out, stays ? character.point : U' ');
  }
  return cut(out, limit);
}

}  // namespace ringi::message
