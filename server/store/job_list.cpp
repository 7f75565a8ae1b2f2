#include "server/store/job_list.hpp"

#include "server/store/id_column.hpp"
#include "server/store/statement.hpp"
#include "server/store/store.hpp"

namespace ringi::store {
namespace {

using Row = std::tuple<std::string, std::string, std::string, std::string, std::string,
                       std::int64_t, std::int64_t, int, std::string>;

const std::string columns{
    "SELECT id, class, kind, COALESCE(chore_key, ''), state, received, run_at, attempts, error"
    " FROM jobs "};

JobRow job_of(const Row& row) {
  const auto& [id, job_class, kind, key, state, received, run_at, attempts, why] = row;
  return {id_of<OpaqueId>(id),      job_class, kind, key, state, from_unix_micros(received),
          from_unix_micros(run_at), attempts,  why};
}

Error no_such_job() {
  return error(Errc::not_found, "no such job, or not in a state for this");
}

Result<void> retry_now(Transaction& transaction, const OpaqueId& id) {
  auto& sql = transaction.sql();
  // A chore that waits already does the same work.
  const auto merged = execute(
      sql,
      "DELETE FROM jobs WHERE id = :id AND state = 'dead' AND EXISTS (SELECT 1 FROM jobs other"
      " WHERE other.kind = jobs.kind AND other.state = 'waiting'"
      " AND other.chore_key = jobs.chore_key)",
      id.str());
  if (merged > 0) return {};
  const auto changed = execute(sql,
                               "UPDATE jobs SET state = 'waiting', attempts = 0, run_at = " +
                                   transaction.dialect().now + " WHERE id = :id AND state = 'dead'",
                               id.str());
  if (changed == 0) return no_such_job();
  transaction.announce_work();
  return {};
}

Result<void> drop_now(Transaction& transaction, const OpaqueId& id, const std::string& by,
                      const std::string& reason) {
  auto& sql = transaction.sql();
  // One whose lease has ended runs nowhere: the process that held it has died.
  const auto rows = select<Row>(sql,
                                columns +
                                    "WHERE id = :id AND (state IN ('dead', 'waiting')"
                                    " OR (state = 'running' AND lease_until <= " +
                                    transaction.dialect().now + "))",
                                id.str());
  if (rows.empty()) return no_such_job();
  const auto job = job_of(rows.front());
  ports::Entry entry{.kind = "job.dropped",
                     .principal = by,
                     .reason = reason,
                     .request = job.id.str(),
                     .details = {{"job", job.kind}, {"state", job.state}}};
  const auto seq = transaction.append(entry);
  if (seq.has_error()) return seq.error();
  execute(sql, "DELETE FROM jobs WHERE id = :id", id.str());
  return {};
}

}  // namespace

Result<std::vector<JobRow>> JobList::list(int limit) {
  return store_.read_now([limit](Session& sql) -> Result<std::vector<JobRow>> {
    std::vector<JobRow> jobs;
    for_each_row<Row>(
        sql,
        columns + "ORDER BY CASE state WHEN 'dead' THEN 0 ELSE 1 END, received, id LIMIT :count",
        [&](const Row& row) { jobs.push_back(job_of(row)); }, limit);
    return jobs;
  });
}

Task<Result<void>> JobList::retry(OpaqueId id) {
  const auto work = [id = std::move(id)](Transaction& transaction) {
    return retry_now(transaction, id);
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

Task<Result<void>> JobList::drop(OpaqueId id, std::string by, std::string reason) {
  const auto work = [id = std::move(id), by = std::move(by), reason = std::move(reason)](
                        Transaction& transaction) { return drop_now(transaction, id, by, reason); };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

}  // namespace ringi::store
