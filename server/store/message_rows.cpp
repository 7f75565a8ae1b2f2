#include "server/store/message_rows.hpp"

#include "server/store/id_column.hpp"
#include "server/store/statement.hpp"
#include "server/store/store.hpp"

namespace ringi::store {
namespace {

using Row = std::tuple<std::string, std::string, std::string, int, std::int64_t, std::int64_t,
                       std::string, std::string, std::int64_t, int, std::string, int, std::string>;

const std::string columns{
    "SELECT key, channel, parent, priority, wanted, shown, body, ts, changed, failures, "
    "home, unanswered, why FROM messages m "};

MessageRow message_of(const Row& row) {
  const auto& [key, channel, parent, priority, wanted, shown, body, ts, changed, failures, home,
               unanswered, why] = row;
  return {.key = key,
          .channel = id_of<SlackChannel>(channel),
          .home = id_of<SlackChannel>(home),
          .parent = parent,
          .priority = priority,
          .wanted = wanted,
          .shown = shown,
          .body = body,
          .ts = id_of<MessageTs>(ts),
          .changed = from_unix_micros(changed),
          .failures = failures,
          .unanswered = unanswered,
          .why = why};
}

// `queued` is the age in the queue: a row that waits already keeps it. One that stands keeps its
// places.
const std::string want_statement{
    "INSERT INTO messages (key, channel, parent, priority, wanted, shown, body, ts, queued, "
    "changed, failures, why, home, unanswered) VALUES (:key, :channel, :parent, :priority, 1, 0, "
    ":body, '', :queued, 0, 0, '', :home, 0)"
    " ON CONFLICT (key) DO UPDATE SET wanted = messages.wanted + 1, body = excluded.body,"
    " priority = excluded.priority,"
    " channel = CASE WHEN messages.ts = '' THEN excluded.channel ELSE messages.channel END,"
    " home = CASE WHEN messages.ts = '' THEN excluded.home ELSE messages.home END,"
    " queued = CASE WHEN messages.shown < messages.wanted THEN messages.queued ELSE "
    "excluded.queued END"
    " WHERE messages.body <> excluded.body"
    " OR (messages.ts = '' AND messages.home <> excluded.home)"};

const std::string due_condition{
    "WHERE shown < wanted AND NOT EXISTS (SELECT 1 FROM messages card WHERE card.key = m.parent"
    " AND card.ts = '') ORDER BY priority, queued, key LIMIT :count"};

}  // namespace

Task<Result<void>> MessageRows::want(std::string key, SlackChannel channel, std::string parent,
                                     int priority, std::string body) {
  const auto work = [key = std::move(key), channel = std::move(channel), parent = std::move(parent),
                     priority, body = std::move(body),
                     now = unix_micros(store_.now())](Transaction& transaction) -> Result<void> {
    execute(transaction.sql(), want_statement, key, channel.str(), parent, priority, body, now,
            channel.str());
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

Task<Result<std::optional<MessageRow>>> MessageRows::find(std::string key) {
  const auto look = [&](Session& sql) -> Result<std::optional<MessageRow>> {
    const auto rows = select<Row>(sql, columns + "WHERE key = :key", key);
    if (rows.empty()) return std::optional<MessageRow>{};
    return std::optional{message_of(rows.front())};
  };
  Result<std::optional<MessageRow>> row = co_await store_.read(look);
  co_return row;
}

Task<Result<std::vector<MessageRow>>> MessageRows::due(int limit) {
  const auto look = [limit](Session& sql) -> Result<std::vector<MessageRow>> {
    std::vector<MessageRow> messages;
    for_each_row<Row>(
        sql, columns + due_condition, [&](const Row& row) { messages.push_back(message_of(row)); },
        limit);
    return messages;
  };
  Result<std::vector<MessageRow>> rows = co_await store_.read(look);
  co_return rows;
}

Task<Result<void>> MessageRows::shown(std::string key, std::int64_t version, Standing standing) {
  const auto work = [key = std::move(key), version, standing = std::move(standing),
                     now = unix_micros(store_.now())](Transaction& transaction) -> Result<void> {
    execute(transaction.sql(),
            "UPDATE messages SET shown = :version, channel = :channel, ts = :ts, changed = :now,"
            " failures = 0, unanswered = 0, why = :why WHERE key = :key AND shown <= :newest",
            version, standing.channel.str(), standing.ts.str(), now, standing.why, key, version);
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

Task<Result<void>> MessageRows::repeat(MessageRow row) {
  const auto work = [row = std::move(row),
                     now = unix_micros(store_.now())](Transaction& transaction) -> Result<void> {
    execute(transaction.sql(),
            "UPDATE messages SET wanted = wanted + 1, queued = :now WHERE key = :key AND ts = :ts"
            " AND wanted = :wanted AND shown = :shown",
            now, row.key, row.ts.str(), row.wanted, row.wanted);
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

Task<Result<void>> MessageRows::lost(std::string key, MessageTs ts) {
  const auto work = [key = std::move(key), ts = std::move(ts),
                     now = unix_micros(store_.now())](Transaction& transaction) -> Result<void> {
    execute(transaction.sql(),
            "UPDATE messages SET shown = 0, channel = home, ts = '', queued = :queued,"
            " changed = :now, failures = 0, unanswered = 0 WHERE key = :key AND ts = :ts",
            now, now, key, ts.str());
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

Task<Result<void>> MessageRows::given_up(std::string key, std::int64_t version, std::string why) {
  const auto work = [key = std::move(key), version, why = std::move(why),
                     now = unix_micros(store_.now())](Transaction& transaction) -> Result<void> {
    execute(transaction.sql(),
            "UPDATE messages SET shown = :version, changed = :now,"
            " why = CASE WHEN ts = '' THEN :why ELSE why END"
            " WHERE key = :key AND shown <= :newest",
            version, now, why, key, version);
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

Task<Result<void>> MessageRows::failed(std::string key, int failures, int unanswered) {
  const auto work = [key = std::move(key), failures,
                     unanswered](Transaction& transaction) -> Result<void> {
    execute(transaction.sql(),
            "UPDATE messages SET failures = :failures, unanswered = :unanswered WHERE key = :key",
            failures, unanswered, key);
    return {};
  };
  Result<void> done = co_await store_.write(work);
  co_return done;
}

}  // namespace ringi::store
