#include "server/store/ledger_filter.hpp"

#include "handlers/types/id.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace ringi::store {
namespace {

constexpr std::string_view since = "since:";

std::optional<Duration> unit(char letter) {
  using namespace std::chrono;
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

// Contract section 6: what stands before the dot of a kind.
constexpr std::array<std::string_view, 14> families{
    "access", "account", "alert",    "approval", "config",  "freeze", "group",
    "job",    "ledger",  "pipeline", "query",    "request", "server", "topic"};

// "approval", "approval.decided"; any other word may be a person's or a pipeline's name.
bool is_kind(std::string_view word) {
  return std::ranges::find(families, word.substr(0, word.find('.'))) != families.end();
}

// LIKE's wildcards, taken literally.
std::string like(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern;
}

class Builder {
 public:
  explicit Builder(Time now) : now_(now) {}

  void add(const std::string& word) {
    const bool prefixed = word.starts_with(since);
    const auto age = parse_duration(prefixed ? std::string_view{word}.substr(since.size()) : word);
    if (age) return also("time >= CAST(? AS BIGINT)", std::to_string(unix_micros(now_ - *age)));
    if (SlackUser::parse(word)) return also("actor = ?", word);
    if (AccountId::parse(word)) return also("account = ?", word);
    if (is_kind(word)) return also("kind LIKE ? ESCAPE '\\'", like(word) + "%");
    also("json LIKE ? ESCAPE '\\'", "%" + like(word) + "%");
  }

  LedgerFilter done() { return std::move(filter_); }

 private:
  void also(std::string condition, std::string parameter) {
    const auto name = ":p" + std::to_string(filter_.parameters.size());
    condition.replace(condition.find('?'), 1, name);
    filter_.where += (filter_.where.empty() ? " WHERE " : " AND ") + condition;
    filter_.parameters.push_back(std::move(parameter));
  }

  Time now_;
  LedgerFilter filter_;
};

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  if (text.size() < 2 || text.size() > 7) return std::nullopt;
  std::int64_t count = 0;
  const auto* end = text.data() + text.size() - 1;
  const auto [stop, failure] = std::from_chars(text.data(), end, count);
  const auto one = unit(text.back());
  if (failure != std::errc{} || stop != end || count <= 0 || !one) return std::nullopt;
  return *one * count;
}

LedgerFilter ledger_filter(const std::vector<std::string>& words, Time now) {
  Builder builder{now};
  for (const auto& word : words) builder.add(word);
  return builder.done();
}

}  // namespace ringi::store
