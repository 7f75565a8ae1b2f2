#include "server/ledger/decimal.hpp"

#include <charconv>

namespace ringi::ledger {

std::optional<std::uint64_t> parse_decimal(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, value);
  const bool padded = text.size() > 1 && text.front() == '0';
  if (failure != std::errc{} || stop != end || padded) return std::nullopt;
  return value;
}

}  // namespace ringi::ledger
