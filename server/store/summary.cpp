#include "server/store/summary.hpp"

#include <string_view>

namespace ringi::store {
namespace {

constexpr std::size_t limit = 512;
constexpr std::string_view mark = "…";
constexpr std::size_t mark_units = 1;

struct Step {
  std::size_t bytes, units;
};

// One UTF-8 sequence, by its first byte; four bytes are a surrogate pair in UTF-16.
Step step_at(unsigned char first) {
  if (first < 0x80) return {1, 1};
  if (first < 0xe0) return {2, 1};
  if (first < 0xf0) return {3, 1};
  return {4, 2};
}

// How many bytes of `text` are at most `units` long.
std::size_t fitting(std::string_view text, std::size_t units) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto step = step_at(static_cast<unsigned char>(text[at]));
    if (step.units > units || at + step.bytes > text.size()) break;
    units -= step.units;
    at += step.bytes;
  }
  return at;
}

}  // namespace

std::string approval_summary(const std::string& prefix, std::int64_t seq) {
  const auto suffix = " (ringi #" + std::to_string(seq) + ")";
  const auto room = limit - suffix.size();
  if (fitting(prefix, room) == prefix.size()) return prefix + suffix;
  return prefix.substr(0, fitting(prefix, room - mark_units)) + std::string{mark} + suffix;
}

}  // namespace ringi::store
