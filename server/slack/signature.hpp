#pragma once

#include "handlers/types/time.hpp"
#include "server/config/secret.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace ringi::slack {

// Why a request is or is not Slack's.
enum class Signature {
  ok,
  missing,    // a header is absent, or stands twice
  malformed,  // a timestamp or a signature that Slack would not write so
  stale,      // signed more than 300 s ago, or as far ahead: somebody's replay, or our clock
  mismatch,   // none of the secrets made it
};

std::string_view name_of(Signature verdict);

// What Slack signed with, as it came in.
struct SignedHeaders {
  std::optional<std::string_view> timestamp;  // X-Slack-Request-Timestamp
  std::optional<std::string_view> signature;  // X-Slack-Signature
};

// Slack's request signing v0 over the raw body. Every secret is tried, without early exit, so that
// the time taken does not tell which one is old. Empty secrets make no signature at all.
Signature verify(const std::vector<config::Secret>& secrets, const SignedHeaders& headers,
                 std::string_view raw_body, Time now);

}  // namespace ringi::slack
