#include "server/slack/signature.hpp"

#include "server/crypto/sha256.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <charconv>

namespace ringi::slack {
namespace {

constexpr std::int64_t window_seconds = 300;
constexpr std::string_view version = "v0=";
constexpr std::size_t signature_size = version.size() + 64;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f');
}

// Unix seconds as Slack writes them: digits alone, no sign, no leading zero, no fraction.
std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  if (text.empty() || text.front() == '0' || !std::ranges::all_of(text, is_digit))
    return std::nullopt;
  std::int64_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec != std::errc{}) return std::nullopt;
  return seconds;
}

// Slack writes lower-case hex; anything else is not from Slack.
bool well_formed(std::string_view signature) {
  return signature.size() == signature_size && signature.starts_with(version) &&
         std::ranges::all_of(signature.substr(version.size()), is_lower_hex);
}

bool made_by(const config::Secret& secret, const std::string& base, std::string_view signature) {
  const auto code = crypto::hmac_sha256(secret.reveal(), base);
  const auto expected = std::string{version} + crypto::to_hex(code);
  return CRYPTO_memcmp(expected.data(), signature.data(), signature_size) == 0;
}

}  // namespace

std::string_view name_of(Signature verdict) {
  switch (verdict) {
    case Signature::ok:
      return "ok";
    case Signature::missing:
      return "missing";
    case Signature::malformed:
      return "malformed";
    case Signature::stale:
      return "stale";
    case Signature::mismatch:
      return "mismatch";
  }
  return "mismatch";
}

Signature verify(const std::vector<config::Secret>& secrets, const SignedHeaders& headers,
                 std::string_view raw_body, Time now) {
  if (!headers.timestamp || !headers.signature) return Signature::missing;
  const auto signed_at = parse_timestamp(*headers.timestamp);
  if (!signed_at || !well_formed(*headers.signature)) return Signature::malformed;
  const auto now_seconds = unix_seconds(now);
  if (*signed_at < now_seconds - window_seconds || *signed_at > now_seconds + window_seconds) {
    return Signature::stale;
  }
  std::string base = "v0:";
  base.append(*headers.timestamp).append(":").append(raw_body);
  bool found = false;
  for (const auto& secret : secrets) {
    if (secret.empty()) continue;
    found = made_by(secret, base, *headers.signature) || found;
  }
  return found ? Signature::ok : Signature::mismatch;
}

}  // namespace ringi::slack
