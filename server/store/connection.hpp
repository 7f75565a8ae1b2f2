#pragma once

#include "server/store/dialect.hpp"

#include <memory>

namespace ringi::store {

enum class Access { read, write };

// One connection that opens when it is first used and again after it was dropped. One thread at a
// time.
class Connection {
 public:
  Connection(StoreUrl url, Access access);
  Connection(Connection&& other) noexcept;
  ~Connection();

  // Throws soci::soci_error when the database cannot be reached.
  Session& ready();
  void drop() noexcept;                   // after a failure: the next ready() connects anew
  int opened() const { return opened_; }  // how often it had to connect
  const Dialect& dialect() const { return dialect_of(url_.database); }
  const StoreUrl& url() const { return url_; }

 private:
  StoreUrl url_;
  Access access_;
  std::unique_ptr<Session> session_;
  int opened_ = 0;
};

}  // namespace ringi::store
