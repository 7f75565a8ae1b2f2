#include "server/store/serve_lock.hpp"

#include "server/store/fault.hpp"

#include <soci/soci.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace ringi::store {
namespace {

Error taken() {
  return error(Errc::conflict, "another `ringi serve` runs on this store");
}

Error cannot_lock(const std::string& path) {
  return error(Errc::unavailable,
               "cannot lock " + path + ": " + std::generic_category().message(errno));
}

}  // namespace

ServeLock::ServeLock(const StoreUrl& url) : connection_(url, Access::write) {}

ServeLock::~ServeLock() {
  if (file_ >= 0) ::close(file_);
}

Result<void> ServeLock::hold() {
  return connection_.url().database == Database::sqlite ? hold_file() : hold_session();
}

Result<void> ServeLock::hold_file() {
  if (file_ >= 0) return {};
  const auto path = connection_.url().path + ".lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return cannot_lock(path);
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    const bool theirs = errno == EWOULDBLOCK;
    const auto failure = theirs ? taken() : cannot_lock(path);
    ::close(file);
    return failure;
  }
  file_ = file;
  return {};
}

Result<void> ServeLock::hold_session() try {
  // Locks of one session stack, so asking again is free for the session that holds it; ready() may
  // have connected anew, and that session has to take it.
  if (take_serve_lock(connection_.ready())) return {};
  connection_.drop();
  return taken();
} catch (const soci::soci_error& failure) {
  connection_.drop();
  return fault(failure);
}

}  // namespace ringi::store
