#include "server/store/intake_rows.hpp"

#include "server/store/job_rows.hpp"
#include "server/store/statement.hpp"
#include "server/store/store.hpp"

namespace ringi::store {
namespace {

using Keys = std::set<std::string>;

// Takes the keys for this delivery, one after the other. Returns the first that another delivery
// has.
std::optional<std::string> taken_key(Session& sql, const OpaqueId& id, const Keys& keys) {
  for (const auto& key : keys) {
    const auto inserted =
        execute(sql,
                "INSERT INTO delivery_keys (key, delivery) VALUES (:key, :delivery)"
                " ON CONFLICT (key) DO NOTHING",
                key, id.str());
    if (inserted == 0) return key;
  }
  return std::nullopt;
}

// The delivery that came before, under `known`; whatever else names this one names that from now
// on.
Accepted stored_before(Session& sql, const OpaqueId& id, const Keys& keys,
                       const std::string& known) {
  for (const auto& key : keys) {
    execute(sql,
            "UPDATE delivery_keys SET delivery = (SELECT delivery FROM delivery_keys WHERE key = "
            ":known) WHERE key = :key AND delivery = :id",
            known, key, id.str());
  }
  const auto rows = select<std::tuple<std::string, std::string>>(
      sql,
      "SELECT content_type, answer FROM delivery_keys JOIN deliveries"
      " ON deliveries.id = delivery_keys.delivery WHERE key = :key",
      known);
  const auto& [content_type, answer] = rows.at(0);
  return Accepted{true, content_type, answer};
}

Result<Accepted> store_delivery(Transaction& transaction, const OpaqueId& id, Time received,
                                const Incoming& incoming) {
  auto& sql = transaction.sql();
  const Keys keys{incoming.keys.begin(), incoming.keys.end()};
  if (const auto known = taken_key(sql, id, keys)) return stored_before(sql, id, keys, *known);
  execute(sql,
          "INSERT INTO deliveries (id, received, content_type, answer)"
          " VALUES (:id, :received, :content_type, :answer)",
          id.str(), unix_micros(received), incoming.content_type, incoming.answer);
  if (incoming.job) insert_job(transaction, id, received, *incoming.job, Duration{0});
  return Accepted{false, incoming.content_type, incoming.answer};
}

}  // namespace

Task<Result<Accepted>> IntakeRows::accept(Incoming incoming) {
  const auto id = ids_.next();
  const auto received = store_.now();
  // What AWS sent is carried out whether or not it got its answer; a person is asked.
  const bool ask = incoming.job && class_of(*incoming.job) == JobClass::people;
  std::function<void()> late;
  if (ask) late = [this, id] { doubt(id); };
  const auto work = [id, received, incoming = std::move(incoming)](Transaction& transaction) {
    return store_delivery(transaction, id, received, incoming);
  };
  Result<Accepted> accepted = co_await store_.write(work, late);
  co_return accepted;
}

// The writer keeps the order: this runs after the commit that is in doubt.
void IntakeRows::doubt(const OpaqueId& job) {
  doubted_.insert(job);
  store_.writer().post([job](Transaction& transaction) -> Result<void> {
    execute(transaction.sql(), "UPDATE jobs SET ask_first = 1 WHERE id = :id", job.str());
    return {};
  });
}

}  // namespace ringi::store
