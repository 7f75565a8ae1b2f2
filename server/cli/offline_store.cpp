#include "server/cli/offline_store.hpp"

#include "server/app/settings.hpp"
#include "server/aws/organization/organization.hpp"
#include "server/aws/secrets.hpp"
#include "server/config/rules.hpp"
#include "server/config/secrets.hpp"
#include "server/ledger/signing_appender.hpp"
#include "server/observe/logger.hpp"
#include "server/store/account_rows.hpp"

#include <boost/asio/co_spawn.hpp>
#include <nlohmann/json.hpp>

#include <optional>

namespace ringi::cli {
namespace {

Result<config::Secret> ledger_key(const config::Config& config, const Surroundings& surroundings) {
  config::LocalSecrets local{surroundings.variables, surroundings.files, config.file};
  const auto environment = app::process_environment();
  aws::Secrets anywhere{config, environment, app::transport_options(config, environment), local,
                        observe::make_log("err")};
  const auto& key = config.ledger.key;
  auto found = config::is_local(key) ? local.find(key) : anywhere.find(key);
  if (found.has_value()) return found;
  return error(found.error().code, config::to_text(config::missing(key, found.error())));
}

Result<std::unique_ptr<ledger::Appender>> appender_of(const config::Config& config,
                                                      const Surroundings& surroundings) {
  const auto key = ledger_key(config, surroundings);
  if (key.has_error()) return key.error();
  return ledger::make_appender({.origin = config.ledger.origin,
                                .private_key_pem = key->reveal(),
                                .redact_variables = config.ledger.redact_variables,
                                .config_hash = [hash = config.hash] { return hash; }});
}

// An entry's time has no part of a millisecond: such a column is never the entry's own.
std::string exact(Time time) {
  return rfc3339(time) + (unix_micros(time) % 1000 == 0 ? "" : " and a part of a millisecond");
}

class StoredLedger final : public ledger::LedgerSource {
 public:
  explicit StoredLedger(std::unique_ptr<OfflineStore> offline)
      : offline_(std::move(offline)), reader_(*offline_->store) {}

  Result<void> entries(const std::function<bool(const ledger::Row&)>& visit) override {
    return reader_.for_each([&](const store::StoredEntry& entry) {
      return visit({.seq = entry.seq,
                    .json = entry.json,
                    .hash = entry.leaf,
                    .columns = {{"/kind", entry.kind},
                                {"/target/execution", entry.execution},
                                {"/target/account", entry.account},
                                {"/actor/user", entry.actor},
                                {"/once", entry.once},
                                {"/time", exact(entry.time)}}});
    });
  }
  Result<ledger::Tail> tail() override { return reader_.tail(); }
  Result<std::optional<std::string>> newest_checkpoint() override {
    return note_of(reader_.newest_checkpoint());
  }
  Result<std::optional<std::string>> checkpoint_of(std::int64_t size) override {
    return note_of(reader_.checkpoint_of(size));
  }

 private:
  static Result<std::optional<std::string>> note_of(
      const Result<std::optional<store::StoredCheckpoint>>& found) {
    if (found.has_error()) return found.error();
    if (!found.value()) return std::optional<std::string>{};
    return std::optional{found.value()->note};
  }

  std::unique_ptr<OfflineStore> offline_;
  store::LedgerReader reader_;
};

class StoredCopies final : public Remembered {
 public:
  explicit StoredCopies(std::unique_ptr<OfflineStore> offline)
      : offline_(std::move(offline)), rows_(*offline_->store), accounts_(*offline_->store, ids_) {}

  GroupCopy group(const std::string& handle) override {
    const auto pin = get("group-handle", handle);
    const auto copy = pin ? get("group", pin->value) : std::nullopt;
    if (!copy) return {};
    GroupCopy result{.members = std::vector<SlackUser>{}, .as_of = copy->as_of};
    const auto ids = nlohmann::json::parse(copy->value, nullptr, false);
    for (const auto& id : ids.is_array() ? ids : nlohmann::json::array()) {
      if (const auto user = SlackUser::parse(id.get<std::string>()))
        result.members->push_back(*user);
    }
    return result;
  }

  PersonCopy person(const SlackUser& user) override {
    const auto copy = get("person", user.str());
    if (!copy) return {};
    const auto facts = nlohmann::json::parse(copy->value, nullptr, false);
    if (!facts.is_object()) return {};
    return {.full_member = facts.value("full_member", false), .as_of = copy->as_of};
  }

  std::vector<access::Account> accounts(const config::Config& config) override {
    const auto copy = get(aws::listing_kind, aws::listing_key);
    const auto listing = copy ? aws::parse_listing(copy->value) : std::nullopt;
    const auto known = accounts_.all_now();
    if (known.has_error())
      offline_->log->warn("which moves of accounts wait is not known: {}", known.error().log.text);
    const auto rows = known.has_value() ? *known : std::vector<access::KnownAccount>{};
    return config::in_force(config, listing ? &*listing : nullptr, rows, [] { return OpaqueId{}; })
        .accounts;
  }

 private:
  std::optional<store::Copy> get(const std::string& kind, const std::string& key) {
    auto copy = rows_.get_now(kind, key);
    return copy.has_value() ? copy.value() : std::nullopt;
  }

  std::unique_ptr<OfflineStore> offline_;
  store::CopyRows rows_;
  runtime::Ulids ids_{offline_->clock};
  store::AccountRows accounts_;
};

class NoCopies final : public Remembered {
 public:
  GroupCopy group(const std::string&) override { return {}; }
  PersonCopy person(const SlackUser&) override { return {}; }
  std::vector<access::Account> accounts(const config::Config& config) override {
    return config::accounts_of(config, {});
  }
};

}  // namespace

Result<void> OfflineStore::run(Task<Result<void>> task) {
  std::optional<Result<void>> outcome;
  std::exception_ptr failure;
  boost::asio::co_spawn(context, std::move(task),
                        [&](std::exception_ptr thrown, Result<void> result) {
                          failure = thrown;
                          outcome = std::move(result);
                        });
  context.run();
  context.restart();
  if (failure) std::rethrow_exception(failure);
  return *outcome;
}

Result<std::unique_ptr<OfflineStore>> open_offline(const config::Config& config,
                                                   const Surroundings& surroundings,
                                                   Access access) {
  auto offline = std::make_unique<OfflineStore>();
  offline->log = observe::make_log("err");
  if (access == Access::write) {
    auto appender = appender_of(config, surroundings);
    if (appender.has_error()) return appender.error();
    offline->appender = std::move(appender).value();
  }
  const auto mode =
      access == Access::write ? store::OpenMode::existing : store::OpenMode::read_only;
  auto opened = store::open_store(config.store_url, mode,
                                  {.executor = offline->context.get_executor(),
                                   .clock = offline->clock,
                                   .appender = offline->appender.get(),
                                   .log = offline->log});
  if (opened.has_error())
    return error(opened.error().code, opened.error().log.text + ", " + config.file +
                                          " store.url, name the store of a server that ran");
  offline->store = std::move(opened).value();
  return offline;
}

Result<OpenLedger> open_ledger(const config::Config& config, const Surroundings& surroundings) {
  const auto pem = ledger_key(config, surroundings);
  if (pem.has_error()) return pem.error();
  const auto key = ledger::SigningKey::from_pem(config.ledger.origin, pem->reveal());
  if (key.has_error()) {
    const auto& reference = config.ledger.key;
    return error(Errc::invalid, config::to_text({reference.place, reference.key,
                                                 key.error().log.text, "name an Ed25519 key"}));
  }
  auto offline = open_offline(config, surroundings, Access::read);
  if (offline.has_error()) return offline.error();
  return OpenLedger{std::make_unique<StoredLedger>(std::move(offline).value()), key->verifier()};
}

std::unique_ptr<Remembered> open_copies(const config::Config& config,
                                        const Surroundings& surroundings) {
  auto offline = open_offline(config, surroundings, Access::read);
  if (offline.has_error()) return std::make_unique<NoCopies>();
  return std::make_unique<StoredCopies>(std::move(offline).value());
}

}  // namespace ringi::cli
