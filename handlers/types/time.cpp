#include "handlers/types/time.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>

namespace ringi {
namespace {

using namespace std::chrono;

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  if (text.size() < from + count) return std::nullopt;
  int value = 0;
  for (char c : text.substr(from, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

// ".678" -> 678000 us; more than six digits are cut.
std::optional<Duration> fraction(std::string_view text) {
  if (text.size() < 2 || text[0] != '.') return std::nullopt;
  std::int64_t micros = 0;
  std::int64_t unit = 100'000;
  for (char c : text.substr(1)) {
    if (c < '0' || c > '9') return std::nullopt;
    micros += (c - '0') * unit;
    unit /= 10;
  }
  return Duration{micros};
}

std::optional<Duration> unit_of(char letter) {
  switch (letter) {
    case 's':
      return seconds{1};
    case 'm':
      return minutes{1};
    case 'h':
      return hours{1};
    case 'd':
      return days{1};
    case 'w':
      return weeks{1};
    default:
      return std::nullopt;
  }
}

}  // namespace

std::int64_t unix_seconds(Time time) {
  return floor<seconds>(time).time_since_epoch().count();
}
std::int64_t unix_micros(Time time) {
  return time.time_since_epoch().count();
}
Time from_unix_micros(std::int64_t micros) {
  return Time{Duration{micros}};
}

std::string rfc3339(Time time) {
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{floor<milliseconds>(time - day)};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return text.data();
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  const auto y = digits(text, 0, 4), mo = digits(text, 5, 2), d = digits(text, 8, 2);
  const auto h = digits(text, 11, 2), mi = digits(text, 14, 2);
  if (!y || !mo || !d || !h || !mi || text.size() < 17 || text.back() != 'Z') return std::nullopt;
  if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':') return std::nullopt;
  const year_month_day date{year{*y}, month{static_cast<unsigned>(*mo)},
                            day{static_cast<unsigned>(*d)}};
  if (!date.ok() || *h > 23 || *mi > 59) return std::nullopt;
  Time time = sys_days{date} + hours{*h} + minutes{*mi};
  auto rest = text.substr(16, text.size() - 17);
  if (rest.empty()) return time;
  const auto s = digits(rest, 1, 2);
  if (rest[0] != ':' || !s || *s > 60) return std::nullopt;
  time += seconds{*s};
  rest.remove_prefix(3);
  if (rest.empty()) return time;
  const auto part = fraction(rest);
  if (!part) return std::nullopt;
  return time + *part;
}

std::optional<Duration> parse_duration(std::string_view text) {
  if (text.size() < 2 || text.size() > 7) return std::nullopt;
  std::int64_t count = 0;
  const auto* end = text.data() + text.size() - 1;
  const auto [stop, failure] = std::from_chars(text.data(), end, count);
  const auto one = unit_of(text.back());
  if (failure != std::errc{} || stop != end || count <= 0 || !one) return std::nullopt;
  return *one * count;
}

std::string human_duration(Duration duration) {
  const auto total = std::max<std::int64_t>(0, floor<seconds>(duration).count());
  const auto pair = [](std::int64_t a, const char* ua, std::int64_t b, const char* ub) {
    auto text = std::to_string(a) + ua;
    return b == 0 ? text : text + " " + std::to_string(b) + ub;
  };
  if (total < 60) return std::to_string(total) + "s";
  if (total < 3600) return pair(total / 60, "m", total % 60, "s");
  if (total < 86'400) return pair(total / 3600, "h", total % 3600 / 60, "m");
  return pair(total / 86'400, "d", total % 86'400 / 3600, "h");
}

}  // namespace ringi
