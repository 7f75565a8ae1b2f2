#include "server/store/ledger_rows.hpp"

#include "server/store/ledger_filter.hpp"
#include "server/store/statement.hpp"
#include "server/store/store.hpp"

#include <algorithm>

namespace ringi::store {
namespace {

constexpr int most_entries = 1000;

std::vector<std::string> matching(Session& sql, const LedgerFilter& filter, int limit) {
  std::string json;
  soci::statement statement{sql};
  statement.exchange(soci::into(json));
  for (const auto& parameter : filter.parameters) statement.exchange(soci::use(parameter));
  statement.alloc();
  statement.prepare("SELECT json FROM ledger_entries" + filter.where + " ORDER BY seq DESC LIMIT " +
                    std::to_string(std::clamp(limit, 0, most_entries)));
  statement.define_and_bind();
  statement.execute();
  std::vector<std::string> entries;
  while (statement.fetch()) entries.push_back(json);
  return entries;
}

}  // namespace

Task<Result<ports::Seq>> LedgerRows::append(ports::Entry entry) {
  const auto work = [entry = std::move(entry)](Transaction& transaction) {
    return transaction.append(entry);
  };
  Result<ports::Seq> seq = co_await store_.write(work);
  co_return seq;
}

Task<Result<std::optional<ports::Seq>>> LedgerRows::known(std::string once) {
  const auto look = [&once](Session& sql) -> Result<std::optional<ports::Seq>> {
    const auto rows = select<std::tuple<std::int64_t>>(
        sql, "SELECT seq FROM ledger_entries WHERE once = :once", once);
    if (rows.empty()) return std::optional<ports::Seq>{};
    return std::optional<ports::Seq>{std::get<0>(rows[0])};
  };
  Result<std::optional<ports::Seq>> seq = co_await store_.read(look);
  co_return seq;
}

Task<Result<std::vector<std::string>>> LedgerRows::recent(std::vector<std::string> filter,
                                                          int limit) {
  const auto where = ledger_filter(filter, store_.now());
  const auto look = [&where, limit](Session& sql) -> Result<std::vector<std::string>> {
    return matching(sql, where, limit);
  };
  Result<std::vector<std::string>> entries = co_await store_.read(look);
  co_return entries;
}

Task<Result<std::vector<std::string>>> LedgerRows::about(ExecutionRef execution) {
  const auto look = [&execution](Session& sql) -> Result<std::vector<std::string>> {
    std::vector<std::string> entries;
    for_each_row<std::tuple<std::string>>(
        sql,
        "SELECT json FROM ledger_entries WHERE execution = :execution AND account = :account"
        " ORDER BY seq",
        [&](const auto& row) { entries.push_back(std::get<0>(row)); }, execution.execution.str(),
        execution.pipeline.account.str());
    return entries;
  };
  Result<std::vector<std::string>> entries = co_await store_.read(look);
  co_return entries;
}

}  // namespace ringi::store
