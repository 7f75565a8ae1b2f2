#include "server/store/account_rows.hpp"

#include "server/store/id_column.hpp"
#include "server/store/job_rows.hpp"
#include "server/store/statement.hpp"
#include "server/store/store.hpp"

#include <utility>

namespace ringi::store {
namespace {

using access::KnownAccount;
using Row = std::tuple<std::string, std::string, std::string, std::string, std::string, std::string,
                       std::string, int, int, int, std::string, std::string>;

KnownAccount account_of(const Row& row) {
  const auto& [id, name, team, environment, channel, wall, realm, production, listed, gone, move,
               to] = row;
  return {.id = id_of<AccountId>(id),
          .name = name,
          .team = team,
          .environment = environment,
          .channel = channel,
          .wall = wall,
          .realm = realm,
          .production = production != 0,
          .listed = listed != 0,
          .gone = gone != 0,
          .move = id_of<OpaqueId>(move),
          .to = to};
}

const std::string columns{
    "SELECT id, name, team, environment, channel, wall, realm, production, listed, gone, move,"
    " move_to FROM accounts "};

Result<std::vector<KnownAccount>> select_all(Session& sql) {
  std::vector<KnownAccount> accounts;
  for_each_row<Row>(sql, columns + "ORDER BY id",
                    [&](const Row& row) { accounts.push_back(account_of(row)); });
  return accounts;
}

std::optional<KnownAccount> find(Session& sql, const AccountId& id) {
  const auto rows = select<Row>(sql, columns + "WHERE id = :id", id.str());
  return rows.empty() ? std::nullopt : std::optional{account_of(rows.front())};
}

void upsert(Session& sql, const KnownAccount& row) {
  const int production = row.production ? 1 : 0;
  const int listed = row.listed ? 1 : 0, gone = row.gone ? 1 : 0;
  execute(sql,
          "INSERT INTO accounts (id, name, team, environment, channel, wall, realm, production,"
          " listed, gone, move, move_to) VALUES (:id, :name, :team, :environment, :channel, :wall,"
          " :realm, :production, :listed, :gone, :move, :move_to) ON CONFLICT (id) DO UPDATE SET"
          " name = excluded.name, team = excluded.team, environment = excluded.environment,"
          " channel = excluded.channel, wall = excluded.wall, realm = excluded.realm,"
          " production = excluded.production, listed = excluded.listed, gone = excluded.gone, move "
          "= excluded.move,"
          " move_to = excluded.move_to",
          row.id.str(), row.name, row.team, row.environment, row.channel, row.wall, row.realm,
          production, listed, gone, row.move.str(), row.to);
}

// Ids are made before the commit: on the I/O thread.
using Ids = std::vector<OpaqueId>;

Ids ids_for(const AccountWrite& write, ports::Ids& ids) {
  Ids made;
  for (std::size_t i = 0; i < write.chores.size(); ++i) made.push_back(ids.next());
  return made;
}

Result<void> write_rest(Transaction& transaction, const AccountWrite& write, const Ids& jobs) {
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

Task<Result<std::optional<KnownAccount>>> AccountRows::waiting(OpaqueId move) {
  const auto look = [&](Session& sql) -> Result<std::optional<KnownAccount>> {
    const auto rows = select<Row>(sql, columns + "WHERE move = :move", move.str());
    if (rows.empty()) return std::optional<KnownAccount>{};
    return std::optional{account_of(rows.front())};
  };
  Result<std::optional<KnownAccount>> account = co_await store_.read(look);
  co_return account;
}

// An operator may have agreed to a move since the change was drafted: what that wrote stays.
Task<Result<void>> AccountRows::keep(std::vector<AccountWrite> writes) {
  std::vector<std::pair<AccountWrite, Ids>> all;
  for (auto& write : writes) {
    auto jobs = ids_for(write, ids_);
    all.emplace_back(std::move(write), std::move(jobs));
  }
  const auto work = [all = std::move(all)](Transaction& transaction) -> Result<void> {
    for (const auto& [write, jobs] : all) {
      if (find(transaction.sql(), write.row.id) != write.before)
        return error(Errc::conflict, "account " + write.row.id.str() + " was moved meanwhile");
      upsert(transaction.sql(), write.row);
      auto written = write_rest(transaction, write, jobs);
      if (written.has_error()) return written;
    }
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

Task<Result<bool>> AccountRows::settle(OpaqueId move, AccountWrite write) {
  auto jobs = ids_for(write, ids_);
  const auto work = [move = std::move(move), write = std::move(write),
                     jobs = std::move(jobs)](Transaction& transaction) -> Result<bool> {
    const auto& row = write.row;
    const int production = row.production ? 1 : 0;
    const auto settled =
        execute(transaction.sql(),
                "UPDATE accounts SET environment = :environment, wall = :wall, realm = :realm,"
                " production = :production, move = '', move_to = ''"
                " WHERE id = :id AND move = :move",
                row.environment, row.wall, row.realm, production, row.id.str(), move.str());
    if (settled == 0) return false;
    auto written = write_rest(transaction, write, jobs);
    if (written.has_error()) return written.error();
    return true;
  };
  Result<bool> done = co_await store_.write(work);
  co_return done;
}

}  // namespace ringi::store
