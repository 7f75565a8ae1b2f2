#include "server/ledger/table.hpp"

#include "server/ledger/canonical.hpp"

#include <algorithm>
#include <array>

namespace ringi::ledger {
namespace {

struct Range {
  char32_t first, last;
};

// Unicode's East Asian Width W and F, in whole blocks.
constexpr std::array wide = {
    Range{0x1100, 0x115f}, Range{0x2e80, 0xa4cf},   Range{0xac00, 0xd7a3},
    Range{0xf900, 0xfaff}, Range{0xfe30, 0xfe6f},   Range{0xff00, 0xff60},
    Range{0xffe0, 0xffe6}, Range{0x1f300, 0x1faff}, Range{0x20000, 0x3fffd}};
// C0, DEL and C1; the marks that set direction.
constexpr std::array unprintable = {Range{0, 0x1f},        Range{0x7f, 0x9f},
                                    Range{0x61c, 0x61c},   Range{0x200e, 0x200f},
                                    Range{0x2028, 0x202e}, Range{0x2066, 0x2069}};

bool in(const auto& ranges, char32_t c) {
  return std::ranges::any_of(ranges,
                             [c](Range range) { return c >= range.first && c <= range.last; });
}

struct Decoded {
  char32_t character;
  std::size_t size;
};

// REQUIRES: UTF-8.
Decoded first_of(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return {byte(0), 1};
  const std::size_t size = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  char32_t character = byte(0) & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) character = (character << 6) | (byte(i) & 0x3fU);
  return {character, size};
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Decoded next = first_of(text);
    width += in(wide, next.character) ? 2 : 1;
    text.remove_prefix(next.size);
  }
  return width;
}

}  // namespace

std::string printable(std::string_view text) {
  const std::string mended = well_formed(text);
  std::string_view rest = mended;
  std::string result;
  while (!rest.empty()) {
    const Decoded next = first_of(rest);
    result += in(unprintable, next.character) ? std::string_view{" "} : rest.substr(0, next.size);
    rest.remove_prefix(next.size);
  }
  return result;
}

void write_table(std::ostream& out, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i] + std::string(widths[i] - width_of(row[i]) + 2, ' ');
    }
    out << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
  }
}

}  // namespace ringi::ledger
