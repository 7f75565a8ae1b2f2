#include "server/store/store.hpp"

#include "server/store/fault.hpp"
#include "server/store/migrations.hpp"
#include "server/store/statement.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace ringi::store {
namespace {

constexpr std::size_t reader_threads = 2;
constexpr std::size_t reader_queue = 256;

// SQLite would create the file with the umask's permissions, and the file holds response_urls and
// tokens.
Result<void> file_ready(const StoreUrl& url, OpenMode mode) {
  if (url.database != Database::sqlite) return {};
  const int create = mode == OpenMode::serve ? O_CREAT : 0;
  const int file = ::open(url.path.c_str(), O_RDWR | O_CLOEXEC | create, 0600);
  if (file < 0)
    return error(Errc::not_found,
                 "cannot open " + url.path + ": " + std::generic_category().message(errno));
  ::close(file);
  return {};
}

// The driver's own words help here and hold host, user and database; never the password.
Error cannot_open(const StoreUrl& url, const soci::soci_error& failure) {
  auto text = failure.get_error_message();
  if (!url.password.empty() && text.find(url.password) != std::string::npos) text = "(not shown)";
  return error(Errc::unavailable, "cannot open the store: " + text);
}

Result<void> reachable(Connection& connection) try {
  connection.ready();
  return {};
} catch (const soci::soci_error& failure) {
  return cannot_open(connection.url(), failure);
}

Result<void> schema_ready(Connection& connection, OpenMode mode) try {
  auto& sql = connection.ready();
  return mode == OpenMode::serve ? migrate(sql, connection.dialect())
                                 : check_schema(sql, connection.dialect());
} catch (const soci::soci_error& failure) {
  return cannot_open(connection.url(), failure);
}

}  // namespace

Store::Store(const StoreUrl& url, Needs needs, Limits limits, std::unique_ptr<ServeLock> lock)
    : clock_(needs.clock),
      executor_(needs.executor),
      lock_(std::move(lock)),
      readers_(url, reader_threads, reader_queue),
      writer_(Connection{url, Access::write}, needs, limits, lock_.get()) {
  if (lock_ && url.database == Database::sqlite) wal_keeper_.emplace(url);
}

Task<Result<void>> Store::ping() {
  if (writer_.failing()) co_return unavailable("the last commit failed");
  const auto look = [](Session& sql) -> Result<void> {
    select<std::tuple<int>>(sql, "SELECT version FROM schema_version");
    return {};
  };
  Result<void> there = co_await read(look);
  co_return there;
}

Result<std::unique_ptr<Store>> open_store(const std::string& text, OpenMode mode, Needs needs,
                                          Limits limits) {
  const auto url = parse_store_url(text);
  if (url.has_error()) return url.error();
  const auto file = file_ready(*url, mode);
  if (file.has_error()) return file.error();

  Connection connection{*url, mode == OpenMode::read_only ? Access::read : Access::write};
  const auto reached = reachable(connection);
  if (reached.has_error()) return reached.error();
  std::unique_ptr<ServeLock> lock;
  if (mode == OpenMode::serve) {
    lock = std::make_unique<ServeLock>(*url);
    const auto held = lock->hold();
    if (held.has_error()) return held.error();
  }
  const auto schema = schema_ready(connection, mode);
  if (schema.has_error()) return schema.error();
  return std::make_unique<Store>(*url, std::move(needs), limits, std::move(lock));
}

}  // namespace ringi::store
