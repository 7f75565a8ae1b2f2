// The executions that ringi follows.
#include "server/store/deployment_rows.hpp"
#include "server/store/id_column.hpp"
#include "server/store/statement.hpp"
#include "server/store/store.hpp"

namespace ringi::store {
namespace {

using ports::Execution;
using Row = std::tuple<std::string, std::string, std::string, std::string, std::string,
                       std::int64_t, int, int, std::int64_t, std::int64_t>;

const std::string columns{
    "SELECT account, region, pipeline, execution, started_by, first_entry, has_card, finished, "
    "seen,"
    " missing_since FROM executions "};
const std::string this_one{
    "WHERE account = :account AND region = :region AND pipeline = :pipeline AND execution = "
    ":execution"};

Execution execution_of(const Row& row) {
  const auto& [account, region, pipeline, execution, started_by, first, has_card, finished, seen,
               missing] = row;
  return {.ref = {{id_of<AccountId>(account), id_of<Region>(region), id_of<PipelineName>(pipeline)},
                  id_of<ExecutionId>(execution)},
          .started_by = id_of<SlackUser>(started_by),
          .first_entry = first,
          .has_card = has_card != 0,
          .finished = finished != 0,
          .seen = from_unix_micros(seen),
          .missing_since = missing == 0 ? std::nullopt : std::optional{from_unix_micros(missing)}};
}

std::optional<Execution> find_execution(Session& sql, const ExecutionRef& ref) {
  const auto rows =
      select<Row>(sql, columns + this_one, ref.pipeline.account.str(), ref.pipeline.region.str(),
                  ref.pipeline.pipeline.str(), ref.execution.str());
  if (rows.empty()) return std::nullopt;
  return execution_of(rows.front());
}

// What is known stays known: a starter, a first entry, a card, a later look.
const std::string follow_statement{
    "INSERT INTO executions (account, region, pipeline, execution, started_by, first_entry, "
    "has_card,"
    " finished, seen, missing_since) VALUES (:account, :region, :pipeline, :execution, :started_by,"
    " :first_entry, :has_card, :finished, :seen, 0) ON CONFLICT (account, region, pipeline, "
    "execution) DO UPDATE SET"
    " started_by = CASE WHEN executions.started_by = '' THEN excluded.started_by"
    " ELSE executions.started_by END,"
    " first_entry = CASE WHEN executions.first_entry = 0 THEN excluded.first_entry"
    " ELSE executions.first_entry END,"
    " has_card = CASE WHEN executions.has_card = 1 THEN 1 ELSE excluded.has_card END,"
    " seen = CASE WHEN excluded.seen > executions.seen THEN excluded.seen ELSE executions.seen "
    "END"};

}  // namespace

Task<Result<Execution>> DeploymentRows::follow(Execution execution) {
  const auto work = [row = std::move(execution)](Transaction& transaction) -> Result<Execution> {
    const auto& pipeline = row.ref.pipeline;
    const int has_card = row.has_card ? 1 : 0;
    const int finished = row.finished ? 1 : 0;
    execute(transaction.sql(), follow_statement, pipeline.account.str(), pipeline.region.str(),
            pipeline.pipeline.str(), row.ref.execution.str(), row.started_by.str(), row.first_entry,
            has_card, finished, unix_micros(row.seen));
    return find_execution(transaction.sql(), row.ref).value();
  };
  Result<Execution> row = co_await store_.write(work);
  co_return row;
}

Task<Result<std::optional<Execution>>> DeploymentRows::execution(ExecutionRef ref) {
  const auto look = [&ref](Session& sql) -> Result<std::optional<Execution>> {
    return find_execution(sql, ref);
  };
  Result<std::optional<Execution>> row = co_await store_.read(look);
  co_return row;
}

Task<Result<std::vector<Execution>>> DeploymentRows::unfinished() {
  const auto look = [](Session& sql) -> Result<std::vector<Execution>> {
    std::vector<Execution> executions;
    for_each_row<Row>(sql, columns + "WHERE finished = 0 ORDER BY seen, execution",
                      [&](const Row& row) { executions.push_back(execution_of(row)); });
    return executions;
  };
  Result<std::vector<Execution>> rows = co_await store_.read(look);
  co_return rows;
}

Task<Result<Time>> DeploymentRows::missed(ExecutionRef ref, Time now) {
  const auto work = [ref = std::move(ref), now](Transaction& transaction) -> Result<Time> {
    const auto& pipeline = ref.pipeline;
    execute(transaction.sql(),
            "UPDATE executions SET missing_since = :now " + this_one + " AND missing_since = 0",
            unix_micros(now), pipeline.account.str(), pipeline.region.str(),
            pipeline.pipeline.str(), ref.execution.str());
    const auto row = find_execution(transaction.sql(), ref);
    if (!row) return error(Errc::not_found, "this execution is not followed");
    return row->missing_since.value_or(now);
  };
  Result<Time> since = co_await store_.write(work);
  co_return since;
}

Task<Result<void>> DeploymentRows::found_again(ExecutionRef ref) {
  const auto work = [ref = std::move(ref)](Transaction& transaction) -> Result<void> {
    const auto& pipeline = ref.pipeline;
    execute(transaction.sql(), "UPDATE executions SET missing_since = 0 " + this_one,
            pipeline.account.str(), pipeline.region.str(), pipeline.pipeline.str(),
            ref.execution.str());
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

Task<Result<void>> DeploymentRows::finish(ExecutionRef ref, ports::Entry entry) {
  const auto work = [ref = std::move(ref),
                     entry = std::move(entry)](Transaction& transaction) -> Result<void> {
    if (!find_execution(transaction.sql(), ref))
      return error(Errc::not_found, "this execution is not followed");
    const auto changed = execute(
        transaction.sql(), "UPDATE executions SET finished = 1 " + this_one + " AND finished = 0",
        ref.pipeline.account.str(), ref.pipeline.region.str(), ref.pipeline.pipeline.str(),
        ref.execution.str());
    if (changed == 0) return {};
    const auto seq = transaction.append(entry);
    if (seq.has_error()) return seq.error();
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

}  // namespace ringi::store
