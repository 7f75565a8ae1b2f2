// Starts that wait for their button.
#include "server/store/deployment_rows.hpp"
#include "server/store/id_column.hpp"
#include "server/store/statement.hpp"
#include "server/store/store.hpp"

namespace ringi::store {
namespace {

using Confirmation = ports::Deployments::Confirmation;
using Taken = ports::Deployments::Taken;
using Answer = std::pair<Taken, Confirmation>;
using Row = std::tuple<std::string, std::string, std::int64_t, std::string>;

Result<Answer> take_once(Transaction& transaction, const OpaqueId& id, const SlackUser& user,
                         const OpaqueId& by) {
  const auto rows = select<Row>(
      transaction.sql(),
      "SELECT slack_user, words, expires, taken_by FROM confirmations WHERE id = :id", id.str());
  if (rows.empty()) return Answer{Taken::unknown, {}};
  const auto& [owner, words, expires, taken_by] = rows.front();
  const Confirmation row{id, id_of<SlackUser>(owner), words, from_unix_micros(expires)};
  if (row.user != user) return Answer{Taken::not_yours, row};
  if (taken_by == by.str()) return Answer{Taken::yes, row};
  if (!taken_by.empty()) return Answer{Taken::used_before, row};
  if (row.expires <= transaction.now()) return Answer{Taken::expired, row};
  const auto changed = execute(
      transaction.sql(), "UPDATE confirmations SET taken_by = :by WHERE id = :id AND taken_by = ''",
      by.str(), id.str());
  return Answer{changed == 1 ? Taken::yes : Taken::used_before, row};
}

}  // namespace

Task<Result<void>> DeploymentRows::ask(Confirmation confirmation) {
  const auto work = [row = std::move(confirmation)](Transaction& transaction) -> Result<void> {
    execute(transaction.sql(),
            "INSERT INTO confirmations (id, slack_user, words, expires, taken_by)"
            " VALUES (:id, :user, :words, :expires, '') ON CONFLICT (id) DO NOTHING",
            row.id.str(), row.user.str(), row.words, unix_micros(row.expires));
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

Task<Result<Answer>> DeploymentRows::take(OpaqueId id, SlackUser user, OpaqueId by) {
  const auto work = [id = std::move(id), user = std::move(user), by = std::move(by)](
                        Transaction& transaction) { return take_once(transaction, id, user, by); };
  Result<Answer> answer = co_await store_.write(work);
  co_return answer;
}

Task<Result<void>> DeploymentRows::give_back(OpaqueId id, OpaqueId by) {
  const auto work = [id = std::move(id),
                     by = std::move(by)](Transaction& transaction) -> Result<void> {
    execute(transaction.sql(),
            "UPDATE confirmations SET taken_by = '' WHERE id = :id AND taken_by = :by", id.str(),
            by.str());
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

}  // namespace ringi::store
