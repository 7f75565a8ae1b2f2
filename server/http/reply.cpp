#include "server/http/reply.hpp"

#include <boost/beast/http/status.hpp>

#include <array>
#include <chrono>
#include <cstdio>

namespace ringi::http {
namespace {

void add_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string http_date(Time time) {
  using namespace std::chrono;
  static constexpr std::array days_of_week{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{floor<seconds>(time - day)};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
                days_of_week[weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text.data();
}

std::string serialize(const Response& response, Time now, ReplyOptions options) {
  const auto status = boost::beast::http::int_to_status(static_cast<unsigned>(response.status));
  const auto reason = boost::beast::http::obsolete_reason(status);
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
  out.append(reason.data(), reason.size()).append("\r\n");
  add_header(out, "Date", http_date(now));
  if (!response.content_type.empty()) add_header(out, "Content-Type", response.content_type);
  add_header(out, "Content-Length", std::to_string(response.body.size()));
  add_header(out, "Cache-Control", "no-store");
  for (const auto& [name, value] : response.headers) add_header(out, name, value);
  if (options.close) add_header(out, "Connection", "close");
  out += "\r\n";
  if (!options.head_only) out += response.body;
  return out;
}

}  // namespace ringi::http
