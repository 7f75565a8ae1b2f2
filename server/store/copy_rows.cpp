#include "server/store/copy_rows.hpp"

#include "server/store/statement.hpp"
#include "server/store/store.hpp"

namespace ringi::store {
namespace {

Result<std::optional<Copy>> find_copy(Session& sql, const std::string& kind,
                                      const std::string& key) {
  const auto rows = select<std::tuple<std::string, std::int64_t>>(
      sql, "SELECT value, as_of FROM copies WHERE kind = :kind AND key = :key", kind, key);
  if (rows.empty()) return std::optional<Copy>{};
  const auto& [value, as_of] = rows.front();
  return std::optional{Copy{value, from_unix_micros(as_of)}};
}

}  // namespace

Task<Result<std::optional<Copy>>> CopyRows::get(std::string kind, std::string key) {
  const auto look = [&](Session& sql) { return find_copy(sql, kind, key); };
  Result<std::optional<Copy>> copy = co_await store_.read(look);
  co_return copy;
}

Result<std::optional<Copy>> CopyRows::get_now(const std::string& kind, const std::string& key) {
  return store_.read_now([&](Session& sql) { return find_copy(sql, kind, key); });
}

Task<Result<void>> CopyRows::put(std::string kind, std::string key, std::string value) {
  const auto work = [kind = std::move(kind), key = std::move(key), value = std::move(value),
                     as_of = unix_micros(store_.now())](Transaction& transaction) -> Result<void> {
    execute(transaction.sql(),
            "INSERT INTO copies (kind, key, value, as_of) VALUES (:kind, :key, :value, :as_of)"
            " ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value, as_of = excluded.as_of",
            kind, key, value, as_of);
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

Task<Result<void>> CopyRows::drop(std::string kind, std::string key) {
  const auto work = [kind = std::move(kind),
                     key = std::move(key)](Transaction& transaction) -> Result<void> {
    execute(transaction.sql(), "DELETE FROM copies WHERE kind = :kind AND key = :key", kind, key);
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

Task<Result<void>> CopyRows::drop_older(std::string kind, Time than) {
  const auto work = [kind = std::move(kind),
                     before = unix_micros(than)](Transaction& transaction) -> Result<void> {
    execute(transaction.sql(), "DELETE FROM copies WHERE kind = :kind AND as_of < :before", kind,
            before);
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

}  // namespace ringi::store
