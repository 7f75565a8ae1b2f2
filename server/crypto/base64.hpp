#pragma once

#include "server/crypto/sha256.hpp"

namespace ringi::crypto {

// RFC 4648 section 4, padded.
std::string to_base64(std::string_view bytes);
std::string to_base64(const Hash& hash);

// Strict: no line breaks, padding required, no stray bits: every value has exactly one spelling.
std::optional<std::string> from_base64(std::string_view text);
std::optional<Hash> hash_from_base64(std::string_view text);

}  // namespace ringi::crypto
