#include "server/store/ledger_filter.hpp"

#include "handlers/types/id.hpp"

#include <algorithm>
#include <array>

namespace ringi::store {
namespace {

constexpr std::string_view since = "since:";

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

LedgerFilter ledger_filter(const std::vector<std::string>& words, Time now) {
  Builder builder{now};
  for (const auto& word : words) builder.add(word);
  return builder.done();
}

}  // namespace ringi::store
