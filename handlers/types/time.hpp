#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ringi {

using Duration = std::chrono::microseconds;
using Time = std::chrono::sys_time<Duration>;

std::int64_t unix_seconds(Time time);
std::int64_t unix_micros(Time time);
Time from_unix_micros(std::int64_t micros);

// "2026-11-22T03:04:05.678Z": RFC 3339, UTC, milliseconds.
std::string rfc3339(Time time);

// Accepts "…T03:04Z", "…T03:04:05Z" and any fraction; nothing else.
std::optional<Time> parse_rfc3339(std::string_view text);

// "90s", "30m", "24h", "7d", "2w"; nothing else, and never none.
std::optional<Duration> parse_duration(std::string_view text);

// "8s", "2m 14s", "1h 3m", "2d 4h": at most two units; negative counts as 0s.
std::string human_duration(Duration duration);

}  // namespace ringi
