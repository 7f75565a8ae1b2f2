#include "server/store/connection.hpp"

#include "server/store/session.hpp"

namespace ringi::store {

Connection::Connection(StoreUrl url, Access access) : url_(std::move(url)), access_(access) {}
Connection::Connection(Connection&&) noexcept = default;
Connection::~Connection() = default;

Session& Connection::ready() {
  if (session_ && session_->is_connected()) return *session_;
  drop();
  auto session = std::make_unique<Session>(*dialect().backend, url_.connect);
  for (const auto& statement : dialect().session_setup) *session << statement;
  if (access_ == Access::read)
    for (const auto& statement : dialect().read_only) *session << statement;
  session_ = std::move(session);
  ++opened_;
  return *session_;
}

void Connection::drop() noexcept {
  session_.reset();
}

}  // namespace ringi::store
