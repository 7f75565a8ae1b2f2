#include "server/store/account_rows.hpp"

#include "server/store/id_column.hpp"
#include "server/store/job_rows.hpp"
#include "server/store/statement.hpp"
#include "server/store/store.hpp"

#include <algorithm>
#include <utility>

namespace ringi::store {
namespace {

using access::KnownAccount;
using Row = std::tuple<std::string, std::string, std::string, std::string, std::string, int,
                       std::string, int, int, std::string, std::string>;

constexpr std::size_t in_one_commit = 100;

KnownAccount account_of(const Row& row) {
  const auto& [id, name, team, environment, channel, walled, realm, production, gone, move, to] =
      row;
  return {.id = id_of<AccountId>(id),
          .name = name,
          .team = team,
          .environment = environment,
          .channel = channel,
          .walled = walled != 0,
          .realm = realm,
          .production = production != 0,
          .gone = gone != 0,
          .move = id_of<OpaqueId>(move),
          .to = to};
}

Result<std::vector<KnownAccount>> select_all(Session& sql) {
  std::vector<KnownAccount> accounts;
  for_each_row<Row>(
      sql,
      "SELECT id, name, team, environment, channel, walled, realm, production, gone, move, move_to"
      " FROM accounts ORDER BY id",
      [&](const Row& row) { accounts.push_back(account_of(row)); });
  return accounts;
}

void upsert(Session& sql, const KnownAccount& row) {
  const int walled = row.walled ? 1 : 0, production = row.production ? 1 : 0;
  const int gone = row.gone ? 1 : 0;
  execute(
      sql,
      "INSERT INTO accounts (id, name, team, environment, channel, walled, realm, production,"
      " gone, move, move_to) VALUES (:id, :name, :team, :environment, :channel, :walled, :realm,"
      " :production, :gone, :move, :move_to) ON CONFLICT (id) DO UPDATE SET"
      " name = excluded.name, team = excluded.team, environment = excluded.environment,"
      " channel = excluded.channel, walled = excluded.walled, realm = excluded.realm,"
      " production = excluded.production, gone = excluded.gone, move = excluded.move,"
      " move_to = excluded.move_to",
      row.id.str(), row.name, row.team, row.environment, row.channel, walled, row.realm, production,
      gone, row.move.str(), row.to);
}

// Ids are made before the commit: on the I/O thread.
using Ids = std::vector<OpaqueId>;

Ids ids_for(const AccountWrite& write, ports::Ids& ids) {
  Ids made;
  for (std::size_t i = 0; i < write.chores.size(); ++i) made.push_back(ids.next());
  return made;
}

Result<void> write_one(Transaction& transaction, const AccountWrite& write, const Ids& jobs) {
  upsert(transaction.sql(), write.row);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    insert_job(transaction, jobs[i], transaction.now(), Request{write.chores[i]}, Duration::zero());
  }
  if (!write.entry) return {};
  const auto seq = transaction.append(*write.entry);
  if (seq.has_error()) return seq.error();
  return {};
}

}  // namespace

Task<Result<std::vector<KnownAccount>>> AccountRows::all() {
  const auto look = [](Session& sql) { return select_all(sql); };
  Result<std::vector<KnownAccount>> accounts = co_await store_.read(look);
  co_return accounts;
}

Result<std::vector<KnownAccount>> AccountRows::all_now() {
  return store_.read_now([](Session& sql) { return select_all(sql); });
}

Task<Result<void>> AccountRows::keep(std::vector<AccountWrite> writes) {
  for (std::size_t from = 0; from < writes.size(); from += in_one_commit) {
    std::vector<std::pair<AccountWrite, Ids>> part;
    for (auto i = from; i < std::min(from + in_one_commit, writes.size()); ++i) {
      auto jobs = ids_for(writes[i], ids_);
      part.emplace_back(std::move(writes[i]), std::move(jobs));
    }
    const auto work = [part = std::move(part)](Transaction& transaction) -> Result<void> {
      for (const auto& [write, jobs] : part) {
        auto written = write_one(transaction, write, jobs);
        if (written.has_error()) return written;
      }
      return {};
    };
    Result<void> done = co_await store_.write(work);
    if (done.has_error()) co_return done;
  }
  co_return Result<void>{};
}

Task<Result<bool>> AccountRows::settle(OpaqueId move, AccountWrite write) {
  auto jobs = ids_for(write, ids_);
  const auto work = [move = std::move(move), write = std::move(write),
                     jobs = std::move(jobs)](Transaction& transaction) -> Result<bool> {
    const auto waits = select<std::tuple<int>>(
        transaction.sql(), "SELECT COUNT(*) FROM accounts WHERE id = :id AND move = :move",
        write.row.id.str(), move.str());
    if (std::get<0>(waits.at(0)) == 0) return false;
    auto written = write_one(transaction, write, jobs);
    if (written.has_error()) return written.error();
    return true;
  };
  Result<bool> done = co_await store_.write(work);
  co_return done;
}

}  // namespace ringi::store
