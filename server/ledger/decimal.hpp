#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ringi::ledger {

// ASCII digits without leading zeroes, as checkpoints and proofs write sizes and indices.
std::optional<std::uint64_t> parse_decimal(std::string_view text);

}  // namespace ringi::ledger
