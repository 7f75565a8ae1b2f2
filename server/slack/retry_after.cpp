#include "server/slack/retry_after.hpp"

#include "server/net/transport.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace ringi::slack {
namespace {

constexpr std::int64_t a_year = 366LL * 24 * 3600;  // more seconds would not fit into a Duration

std::optional<Duration> seconds(std::int64_t count) {
  if (count < 0) return std::nullopt;
  return std::chrono::seconds{std::min(count, a_year)};
}

}  // namespace

std::optional<Duration> retry_after(const net::Answer& answer) {
  const auto text = answer.header("retry-after");
  std::int64_t count = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failed == std::errc{} && end == text.data() + text.size()) return seconds(count);
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  if (!body.is_object()) return std::nullopt;
  const auto said = body.find("retry_after");
  if (said == body.end() || !said->is_number_integer()) return std::nullopt;
  return seconds(said->get<std::int64_t>());
}

}  // namespace ringi::slack
