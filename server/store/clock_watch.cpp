#include "server/store/clock_watch.hpp"

#include "server/store/statement.hpp"
#include "server/store/transaction.hpp"

namespace ringi::store {
namespace {

constexpr Duration negligible = std::chrono::seconds{1};

}  // namespace

Duration set_back(Time before, Time now) {
  const auto back = before - now;
  return back > negligible ? back : Duration{0};
}

Time move_waiting_jobs(Transaction& transaction, Time before) {
  auto& sql = transaction.sql();
  const auto rows = select<std::tuple<std::int64_t>>(sql, "SELECT " + transaction.dialect().now);
  const auto now = from_unix_micros(std::get<0>(rows.at(0)));
  const auto back = set_back(before, now);
  if (back > Duration{0})
    execute(sql, "UPDATE jobs SET run_at = run_at - :back WHERE state = 'waiting'", back.count());
  return now;
}

}  // namespace ringi::store
