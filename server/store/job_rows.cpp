#include "server/store/job_rows.hpp"

#include "server/store/clock_watch.hpp"
#include "server/store/id_column.hpp"
#include "server/store/request_json.hpp"
#include "server/store/statement.hpp"
#include "server/store/store.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace ringi::store {
namespace {

using Row = std::tuple<std::string, std::int64_t, std::int64_t, int, int, std::string>;

// Of a chore only one may wait; one that runs is waited for, unless its lease has ended.
std::string nobody_runs_it(const Dialect& dialect) {
  return " AND NOT EXISTS (SELECT 1 FROM jobs other WHERE other.kind = jobs.kind"
         " AND other.chore_key = jobs.chore_key AND other.id <> jobs.id AND other.state = 'running'"
         " AND other.lease_until > " +
         dialect.now + ")";
}

// Each of the two is read from an index in its order: however long the queue, a lease reads a few
// rows.
std::string due_statement(const Dialect& dialect, const std::string& state,
                          const std::string& since) {
  return "SELECT id, generation, received, attempts, ask_first, payload FROM jobs"
         " WHERE state = '" +
         state + "' AND class = :class AND " + since + " <= " + dialect.now +
         nobody_runs_it(dialect) + " ORDER BY run_at, id LIMIT :count" + dialect.skip_locked;
}

LeasedJob leased_of(const Row& row, JobClass job_class) {
  const auto& [id, generation, received, attempts, ask_first, payload] = row;
  LeasedJob job{{id_of<OpaqueId>(id), generation + 1}, job_class, Delivery{}};
  auto request = parse_request(payload);
  if (request.has_error()) {
    job.delivery = request.error();
    return job;
  }
  job.delivery = Delivery{.id = job.lease.id,
                          .received = from_unix_micros(received),
                          .attempt = attempts + 1,
                          .begun_before = generation > 0,
                          .ask_first = ask_first != 0,
                          .request = std::move(*request)};
  return job;
}

void lease_rows(Transaction& transaction, JobClass job_class, const std::vector<Row>& rows,
                Duration length, std::vector<LeasedJob>& jobs) {
  const auto& dialect = transaction.dialect();
  for (const auto& row : rows) {
    // Asked again row by row: a chore whose runner died and its successor are due together.
    const auto leased = execute(
        transaction.sql(),
        "UPDATE jobs SET state = 'running', attempts = attempts + 1, generation = generation + 1,"
        " lease_until = " +
            dialect.now + " + :length WHERE id = :id" + nobody_runs_it(dialect),
        length.count(), std::get<0>(row));
    if (leased > 0) jobs.push_back(leased_of(row, job_class));
  }
}

// Those whose lease has ended first: they are the oldest.
void lease_class(Transaction& transaction, JobClass job_class, int count, Duration length,
                 std::vector<LeasedJob>& jobs) {
  const std::string name{name_of(job_class)};
  const auto until = jobs.size() + static_cast<std::size_t>(std::max(count, 0));
  const std::array due{due_statement(transaction.dialect(), "running", "lease_until"),
                       due_statement(transaction.dialect(), "waiting", "run_at")};
  for (const auto& statement : due) {
    const auto free = static_cast<int>(until - jobs.size());
    if (free == 0) return;
    const auto rows = select<Row>(transaction.sql(), statement, name, free);
    lease_rows(transaction, job_class, rows, length, jobs);
  }
}

// Back among the waiting. A chore that waits already in its place makes this one superfluous.
// False: the lease is no longer ours.
bool put_back(Transaction& transaction, const Lease& lease, Duration delay, const std::string& why,
              int attempts_back) {
  auto& sql = transaction.sql();
  const auto merged =
      execute(sql,
              "DELETE FROM jobs WHERE id = :id AND generation = :generation AND state = 'running'"
              " AND EXISTS (SELECT 1 FROM jobs other WHERE other.kind = jobs.kind AND other.state "
              "= 'waiting'"
              " AND other.chore_key = jobs.chore_key)",
              lease.id.str(), lease.generation);
  if (merged > 0) return true;
  return execute(sql,
                 "UPDATE jobs SET state = 'waiting', run_at = " + transaction.dialect().now +
                     " + :delay, error = :why, attempts = attempts - :back"
                     " WHERE id = :id AND generation = :generation AND state = 'running'",
                 delay.count(), why, attempts_back, lease.id.str(), lease.generation) > 0;
}

// A chore comes back by itself: what its twin failed at is done by now, or fails once more. So what
// is dead says what is broken, and does not grow while it is.
void drop_dead_twins(Transaction& transaction, const Lease& lease) {
  execute(transaction.sql(),
          "DELETE FROM jobs WHERE state = 'dead' AND chore_key IS NOT NULL AND EXISTS"
          " (SELECT 1 FROM jobs AS twin WHERE twin.id = :id AND twin.generation = :generation"
          " AND twin.state = 'running' AND twin.kind = jobs.kind"
          " AND twin.chore_key = jobs.chore_key)",
          lease.id.str(), lease.generation);
}

}  // namespace

std::string_view name_of(JobClass job_class) {
  constexpr std::array<std::string_view, job_classes.size()> names{"people", "events", "chores"};
  return names.at(static_cast<std::size_t>(job_class));
}

JobClass class_of(const Request& request) {
  if (std::holds_alternative<Notification>(request)) return JobClass::events;
  return std::holds_alternative<Chore>(request) ? JobClass::chores : JobClass::people;
}

void insert_job(Transaction& transaction, const OpaqueId& id, Time received, const Request& request,
                Duration delay) {
  const auto* chore = std::get_if<Chore>(&request);
  const std::string job_class{name_of(class_of(request))};
  const std::string key{chore != nullptr ? chore->key : ""};
  // Every chore has a key, "" too; what came from outside has none and is never merged.
  const int keyed = chore != nullptr ? 1 : 0;
  const auto& now = transaction.dialect().now;
  execute(
      transaction.sql(),
      "INSERT INTO jobs (id, class, kind, chore_key, state, received, run_at, attempts, generation,"
      " lease_until, ask_first, error, payload) VALUES (:id, :class, :kind,"
      " CASE WHEN :keyed = 1 THEN :key ELSE NULL END, 'waiting', :received, " +
          now +
          " + :delay, 0, 0, 0, 0, '', :payload)"
          " ON CONFLICT (kind, chore_key) WHERE state = 'waiting' AND chore_key IS NOT NULL"
          " DO UPDATE SET run_at = excluded.run_at WHERE excluded.run_at < jobs.run_at",
      id.str(), job_class, kind_of(request), keyed, key, unix_micros(received),
      std::max(delay, Duration{0}).count(), request_json(request));
  transaction.announce_work();
}

JobRows::JobRows(Store& store, ports::Ids& ids) : store_(store), ids_(ids) {}

Task<Result<void>> JobRows::enqueue(Chore chore, Time at) {
  const auto now = store_.now();
  const auto work = [id = ids_.next(), now, delay = at - now, request = Request{std::move(chore)}](
                        Transaction& transaction) -> Result<void> {
    insert_job(transaction, id, now, request, delay);
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

Task<Result<ports::Jobs::Counts>> JobRows::counts() {
  const auto look = [](Session& sql) -> Result<Counts> {
    Counts counts;
    const std::map<std::string, int*> fields{
        {"waiting", &counts.waiting}, {"running", &counts.running}, {"dead", &counts.dead}};
    for_each_row<std::tuple<std::string, int, std::int64_t>>(
        sql, "SELECT state, COUNT(*), MIN(received) FROM jobs GROUP BY state",
        [&](const auto& row) {
          const auto& [state, count, oldest] = row;
          const auto field = fields.find(state);
          if (field != fields.end()) *field->second = count;
          if (state == "waiting") counts.oldest = from_unix_micros(oldest);
        });
    return counts;
  };
  Result<Counts> counts = co_await store_.read(look);
  co_return counts;
}

Task<Result<std::vector<LeasedJob>>> JobRows::lease(Wanted wanted, Duration length) {
  using Look = std::pair<Time, std::vector<LeasedJob>>;
  const auto work = [wanted, length, latest = latest_](Transaction& transaction) -> Result<Look> {
    Look look{move_waiting_jobs(transaction, latest), {}};
    for (std::size_t i = 0; i < job_classes.size(); ++i)
      lease_class(transaction, job_classes[i], wanted[i], length, look.second);
    return look;
  };
  Result<Look> look = co_await store_.write(work);
  if (look.has_error()) co_return look.error();
  latest_ = look->first;
  co_return std::move(look->second);
}

Task<Result<void>> JobRows::adopt_all() {
  const auto work = [](Transaction& transaction) -> Result<void> {
    // The process died, the job did not fail: its attempt is given back. Asked twice, only once.
    execute(transaction.sql(),
            "UPDATE jobs SET lease_until = 0, attempts = attempts - 1"
            " WHERE state = 'running' AND lease_until > 0");
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

Task<Result<void>> JobRows::renew(std::vector<Lease> leases, Duration length) {
  const auto work = [leases = std::move(leases), length](Transaction& transaction) -> Result<void> {
    for (const auto& lease : leases)
      execute(transaction.sql(),
              "UPDATE jobs SET lease_until = " + transaction.dialect().now +
                  " + :length WHERE id = :id AND generation = :generation AND state = 'running'",
              length.count(), lease.id.str(), lease.generation);
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

Task<Result<bool>> JobRows::complete(Lease lease) {
  const auto work = [lease = std::move(lease)](Transaction& transaction) -> Result<bool> {
    drop_dead_twins(transaction, lease);
    return execute(
               transaction.sql(),
               "DELETE FROM jobs WHERE id = :id AND generation = :generation AND state = 'running'",
               lease.id.str(), lease.generation) > 0;
  };
  Result<bool> done = co_await store_.write(work);
  co_return done;
}

Task<Result<bool>> JobRows::retry(Lease lease, Duration delay, std::string why) {
  const auto work = [lease = std::move(lease), delay,
                     why = std::move(why)](Transaction& transaction) -> Result<bool> {
    return put_back(transaction, lease, delay, why, 0);
  };
  Result<bool> done = co_await store_.write(work);
  co_return done;
}

Task<Result<bool>> JobRows::bury(Lease lease, std::string why) {
  const auto work = [lease = std::move(lease),
                     why = std::move(why)](Transaction& transaction) -> Result<bool> {
    drop_dead_twins(transaction, lease);
    return execute(transaction.sql(),
                   "UPDATE jobs SET state = 'dead', error = :why"
                   " WHERE id = :id AND generation = :generation AND state = 'running'",
                   why, lease.id.str(), lease.generation) > 0;
  };
  Result<bool> done = co_await store_.write(work);
  co_return done;
}

Task<Result<bool>> JobRows::release(Lease lease) {
  const auto work = [lease = std::move(lease)](Transaction& transaction) -> Result<bool> {
    return put_back(transaction, lease, Duration{0}, "", 1);
  };
  Result<bool> done = co_await store_.write(work);
  co_return done;
}

Task<Result<std::optional<std::int64_t>>> JobRows::generation(OpaqueId id) {
  const auto work =
      [id = std::move(id)](Transaction& transaction) -> Result<std::optional<std::int64_t>> {
    const auto rows = select<std::tuple<std::int64_t>>(
        transaction.sql(), "SELECT generation FROM jobs WHERE id = :id AND state = 'running'",
        id.str());
    if (rows.empty()) return std::optional<std::int64_t>{};
    return std::optional{std::get<0>(rows.front())};
  };
  Result<std::optional<std::int64_t>> found = co_await store_.write(work);
  co_return found;
}

}  // namespace ringi::store
