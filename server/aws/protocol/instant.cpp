#include "server/aws/protocol/instant.hpp"

#include "server/aws/protocol/http_date.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace ringi::aws {
namespace {

constexpr std::int64_t second = 1'000'000;        // in the unit of Time
constexpr double most_seconds = 253'402'300'799;  // the end of the year 9999

std::optional<Time> from_seconds(double seconds) {
  if (!(seconds >= 0 && seconds <= most_seconds)) return std::nullopt;
  return from_unix_micros(std::llround(seconds * second));
}

std::optional<Time> parse_number(std::string_view text) {
  double seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return from_seconds(seconds);
}

int two_digits(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  return digit(0) && digit(1) ? (text[0] - '0') * 10 + (text[1] - '0') : -1;
}

// "+01:00" or "+0100" at the end, as what it adds to UTC.
std::optional<Duration> offset_of(std::string_view text) {
  if (text.size() == 6 && text[3] == ':') {
    const std::string without{std::string{text.substr(0, 3)} + std::string{text.substr(4)}};
    return offset_of(without);
  }
  if (text.size() != 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int hours = two_digits(text.substr(1));
  const int minutes = two_digits(text.substr(3));
  if (hours < 0 || minutes < 0) return std::nullopt;
  const Duration offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
  return text[0] == '-' ? -offset : offset;
}

std::optional<Time> parse_iso8601(std::string_view text) {
  if (text.ends_with('Z')) return parse_rfc3339(text);
  const auto at = text.find_last_of("+-");
  if (at == text.npos || at < 11) return std::nullopt;  // a hyphen of the date
  const auto offset = offset_of(text.substr(at));
  const auto local = parse_rfc3339(std::string{text.substr(0, at)} + "Z");
  if (!offset || !local) return std::nullopt;
  return *local - *offset;
}

// A fraction stands between the seconds and " GMT".
std::optional<Time> parse_http_date_with_fraction(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == text.npos || !text.ends_with(" GMT")) return parse_http_date(text);
  const auto whole = parse_http_date(std::string{text.substr(0, dot)} + " GMT");
  const auto fraction = parse_number("0" + std::string{text.substr(dot, text.size() - dot - 4)});
  if (!whole || !fraction) return std::nullopt;
  return *whole + fraction->time_since_epoch();
}

// "1576540098.5": no more digits than the fraction has.
std::string epoch_text(Time time) {
  auto text = std::to_string(unix_seconds(time));
  const auto fraction = unix_micros(time) - unix_seconds(time) * second;
  if (fraction == 0) return text;
  auto digits = std::to_string(second + fraction).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  return text + "." + digits;
}

}  // namespace

std::optional<Time> parse_instant(std::string_view text) {
  auto time = parse_iso8601(text);
  if (!time) time = parse_http_date_with_fraction(text);
  if (!time) time = parse_number(text);
  return time && *time >= Time{} ? time : std::nullopt;
}

std::optional<Time> instant_of(const nlohmann::json& value) {
  if (value.is_number()) return from_seconds(value.get<double>());
  if (value.is_string()) return parse_instant(value.get_ref<const std::string&>());
  return std::nullopt;
}

std::string iso8601(Time time) {
  auto text = rfc3339(time);
  if (const auto at = text.find(".000Z"); at != text.npos) text.replace(at, 5, "Z");
  return text;
}

std::string instant_text(Time time, TimeFormat format) {
  if (format == TimeFormat::epoch) return epoch_text(time);
  return format == TimeFormat::rfc822 ? http_date(time) : iso8601(time);
}

nlohmann::json instant_json(Time time, TimeFormat format) {
  if (format != TimeFormat::epoch) return instant_text(time, format);
  if (unix_micros(time) % second == 0) return unix_seconds(time);
  return static_cast<double>(unix_micros(time)) / second;
}

}  // namespace ringi::aws
