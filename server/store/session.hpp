#pragma once

#include <soci/session.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace ringi::store {

// A connection's session, with the statements that it has prepared: each text is parsed once, and
// not once for each request. One thread at a time.
class Session : public soci::session {
 public:
  // A prepared statement between two uses; statement.hpp knows its parameters and columns.
  struct Idle {
    Idle() = default;
    Idle(const Idle&) = delete;
    Idle& operator=(const Idle&) = delete;
    virtual ~Idle() = default;
  };

  using soci::session::session;

  // Null where none is idle. What is taken and not kept again, because it failed, is gone.
  std::unique_ptr<Idle> take(std::string_view text) {
    const auto found = idle_.find(text);
    return found == idle_.end() ? nullptr : std::move(found->second);
  }
  void keep(std::string_view text, std::unique_ptr<Idle> statement) {
    const auto found = idle_.find(text);
    if (found != idle_.end()) {
      found->second = std::move(statement);
    } else {
      idle_.emplace(text, std::move(statement));
    }
  }

 private:
  std::map<std::string, std::unique_ptr<Idle>, std::less<>> idle_;
};

}  // namespace ringi::store
