#include "server/aws/protocol/http_date.hpp"

#include <array>
#include <string>

namespace ringi::aws {
namespace {

constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

}  // namespace

std::optional<Time> parse_http_date(std::string_view text) {
  if (text.size() != 29 || text.substr(3, 2) != ", " || text.substr(25) != " GMT")
    return std::nullopt;
  for (std::size_t month = 0; month < months.size(); ++month) {
    if (text.substr(8, 3) != months[month]) continue;
    const auto number = (month < 9 ? "0" : "") + std::to_string(month + 1);
    const auto day =
        std::string{text.substr(12, 4)} + "-" + number + "-" + std::string{text.substr(5, 2)};
    return parse_rfc3339(day + "T" + std::string{text.substr(17, 8)} + "Z");
  }
  return std::nullopt;
}

std::string http_date(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const auto text = rfc3339(time);  // "2026-11-22T04:30:00.000Z"
  const auto month = months.at(static_cast<unsigned>(date.month()) - 1);
  const auto weekday = weekdays.at(std::chrono::weekday{day}.c_encoding());
  return std::string{weekday} + ", " + text.substr(8, 2) + " " + std::string{month} + " " +
         text.substr(0, 4) + " " + text.substr(11, 8) + " GMT";
}

}  // namespace ringi::aws
