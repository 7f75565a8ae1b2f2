// Approvals: found, decided once, closed.
#include "server/crypto/sha256.hpp"
#include "server/store/deployment_rows.hpp"
#include "server/store/id_column.hpp"
#include "server/store/job_rows.hpp"
#include "server/store/statement.hpp"
#include "server/store/store.hpp"
#include "server/store/summary.hpp"

#include <algorithm>
#include <array>

namespace ringi::store {
namespace {

using ports::Approval;
using ports::Decided;
using Row = std::tuple<std::string, std::string, std::string, std::string, std::string, std::string,
                       std::string, std::string, std::string, std::string, std::string, std::string,
                       std::string, std::string, std::string, std::int64_t, std::int64_t,
                       std::int64_t, std::int64_t>;

const std::string columns{
    "SELECT id, account, region, pipeline, execution, stage, action, token, state, verdict, "
    "by_team,"
    " by_user, by_name, reason, summary, requested, decided, found, decided_at FROM approvals "};

// In the order of the enums.
const std::array<std::string, 7> states{"waiting", "decided", "applied",   "overtaken",
                                        "failed",  "expired", "superseded"};
const std::array<std::string, 3> verdicts{"none", "approved", "rejected"};

template <class Enum, std::size_t size>
const std::string& name_in(const std::array<std::string, size>& names, Enum value) {
  return names.at(static_cast<std::size_t>(value));
}

template <class Enum, std::size_t size>
Enum value_in(const std::array<std::string, size>& names, const std::string& name, Enum otherwise) {
  const auto at = std::ranges::find(names, name);
  return at == names.end() ? otherwise : static_cast<Enum>(at - names.begin());
}

Approval approval_of(const Row& row) {
  const auto& [id, account, region, pipeline, execution, stage, action, token, state, verdict, team,
               user, name, reason, summary, requested, decided, found, decided_at] = row;
  return {.id = id_of<OpaqueId>(id),
          .execution = {{id_of<AccountId>(account), id_of<Region>(region),
                         id_of<PipelineName>(pipeline)},
                        id_of<ExecutionId>(execution)},
          .stage = stage,
          .action = action,
          .token = token,
          .state = value_in(states, state, Approval::State::failed),
          .verdict = value_in(verdicts, verdict, Approval::Verdict::none),
          .decided_by = {id_of<SlackTeam>(team), id_of<SlackUser>(user), name},
          .reason = reason,
          .summary = summary,
          .requested = requested,
          .decided = decided,
          .found = from_unix_micros(found),
          .decided_at = from_unix_micros(decided_at)};
}

template <class... Values>
std::vector<Approval> approvals_where(Session& sql, const std::string& where,
                                      const Values&... values) {
  std::vector<Approval> approvals;
  for_each_row<Row>(
      sql, columns + where, [&](const Row& row) { approvals.push_back(approval_of(row)); },
      values...);
  return approvals;
}

std::optional<Approval> find_approval(Session& sql, const OpaqueId& id) {
  auto rows = approvals_where(sql, "WHERE id = :id", id.str());
  if (rows.empty()) return std::nullopt;
  return std::move(rows.front());
}

// No token is longer than the column's index likes, and none stands in an index in clear.
std::string token_key(const ports::NewApproval& approval) {
  const auto& pipeline = approval.execution.pipeline;
  return crypto::to_hex(crypto::sha256(pipeline.account.str() + "\n" + pipeline.region.str() +
                                       "\n" + pipeline.pipeline.str() + "\n" + approval.token));
}

Result<Approval> insert_found(Transaction& transaction, const ports::NewApproval& approval,
                              const ports::Entry& requested) {
  auto& sql = transaction.sql();
  const auto key = token_key(approval);
  auto before = approvals_where(sql, "WHERE token_key = :key", key);
  if (!before.empty()) return std::move(before.front());
  const auto seq = transaction.append(requested);
  if (seq.has_error()) return seq.error();
  const auto& pipeline = approval.execution.pipeline;
  execute(
      sql,
      "INSERT INTO approvals (id, token_key, account, region, pipeline, execution, stage, action,"
      " token, state, verdict, by_team, by_user, by_name, reason, summary, requested, decided, "
      "found,"
      " decided_at) VALUES (:id, :key, :account, :region, :pipeline, :execution, :stage, :action,"
      " :token, 'waiting', 'none', '', '', '', '', '', :requested, 0, :found, 0)",
      approval.id.str(), key, pipeline.account.str(), pipeline.region.str(),
      pipeline.pipeline.str(), approval.execution.execution.str(), approval.stage, approval.action,
      approval.token, *seq, unix_micros(transaction.now()));
  return find_approval(sql, approval.id).value();
}

// The compare-and-set: the row itself decides who was first, on however many replicas.
bool set_decided(Transaction& transaction, const ports::Decision& decision) {
  return execute(transaction.sql(),
                 "UPDATE approvals SET state = 'decided', verdict = :verdict, by_team = :team,"
                 " by_user = :user, by_name = :name, reason = :reason, decided_at = :now"
                 " WHERE id = :id AND state = 'waiting'",
                 name_in(verdicts, decision.verdict), decision.by.team.str(),
                 decision.by.user.str(), decision.by.name, decision.reason,
                 unix_micros(transaction.now()), decision.approval.str()) == 1;
}

Result<Decided> decide_once(Transaction& transaction, const ports::Decision& decision,
                            const OpaqueId& job) {
  auto& sql = transaction.sql();
  const bool won = set_decided(transaction, decision);
  if (won) {
    const auto seq = transaction.append(decision.entry);
    if (seq.has_error()) return seq.error();
    execute(sql, "UPDATE approvals SET decided = :seq, summary = :summary WHERE id = :id", *seq,
            approval_summary(decision.summary_prefix, *seq), decision.approval.str());
    insert_job(transaction, job, transaction.now(), decision.apply, Duration{0});
  }
  auto row = find_approval(sql, decision.approval);
  if (!row) return error(Errc::not_found, "this approval is not known");
  return Decided{won, std::move(*row)};
}

}  // namespace

Task<Result<Approval>> DeploymentRows::found(ports::NewApproval approval, ports::Entry requested) {
  const auto work = [approval = std::move(approval),
                     requested = std::move(requested)](Transaction& transaction) {
    return insert_found(transaction, approval, requested);
  };
  Result<Approval> row = co_await store_.write(work);
  co_return row;
}

Task<Result<std::optional<Approval>>> DeploymentRows::approval(OpaqueId id) {
  const auto look = [&id](Session& sql) -> Result<std::optional<Approval>> {
    return find_approval(sql, id);
  };
  Result<std::optional<Approval>> row = co_await store_.read(look);
  co_return row;
}

Task<Result<std::vector<Approval>>> DeploymentRows::approvals(ExecutionRef execution) {
  const auto look = [&execution](Session& sql) -> Result<std::vector<Approval>> {
    const auto& pipeline = execution.pipeline;
    return approvals_where(
        sql,
        "WHERE execution = :execution AND account = :account AND region = :region"
        " AND pipeline = :pipeline ORDER BY found, id",
        execution.execution.str(), pipeline.account.str(), pipeline.region.str(),
        pipeline.pipeline.str());
  };
  Result<std::vector<Approval>> rows = co_await store_.read(look);
  co_return rows;
}

Task<Result<std::vector<Approval>>> DeploymentRows::open_approvals() {
  const auto look = [](Session& sql) -> Result<std::vector<Approval>> {
    return approvals_where(sql, "WHERE state IN ('waiting', 'decided') ORDER BY found, id");
  };
  Result<std::vector<Approval>> rows = co_await store_.read(look);
  co_return rows;
}

Task<Result<Decided>> DeploymentRows::decide(ports::Decision decision) {
  const auto work = [decision = std::move(decision), job = ids_.next()](Transaction& transaction) {
    return decide_once(transaction, decision, job);
  };
  Result<Decided> decided = co_await store_.write(work);
  co_return decided;
}

Task<Result<bool>> DeploymentRows::close(OpaqueId approval, Approval::State state,
                                         ports::Entry entry, std::optional<Chore> then) {
  const auto work = [approval = std::move(approval), state, entry = std::move(entry),
                     then = std::move(then),
                     job = ids_.next()](Transaction& transaction) -> Result<bool> {
    const auto left = entry.of ? Approval::State::decided : Approval::State::waiting;
    const auto changed = execute(
        transaction.sql(), "UPDATE approvals SET state = :state WHERE id = :id AND state = :left",
        name_in(states, state), approval.str(), name_in(states, left));
    if (changed == 0) return false;
    const auto seq = transaction.append(entry);
    if (seq.has_error()) return seq.error();
    if (then) insert_job(transaction, job, transaction.now(), *then, Duration{0});
    return true;
  };
  Result<bool> closed = co_await store_.write(work);
  co_return closed;
}

}  // namespace ringi::store
