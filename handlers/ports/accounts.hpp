#pragma once

#include "handlers/access/moves.hpp"
#include "handlers/ports/ledger.hpp"

#include <optional>

namespace ringi::ports {

// The accounts that ringi knows, beyond those that rules speak of.
class Accounts {
 public:
  virtual ~Accounts() = default;

  // The account whose move this is; nullopt: it waits no more.
  virtual Task<Result<std::optional<access::KnownAccount>>> waiting(OpaqueId move) = 0;
  // An operator agrees: the row and `entry` in one commit, in force a moment later. false: the move
  // waits no more, and nothing was written.
  virtual Task<Result<bool>> agree(OpaqueId move, Entry entry) = 0;

  struct Listing {
    bool discover = false;      // AWS Organizations is asked at all
    std::optional<Time> as_of;  // when it answered last; nullopt: never
    std::size_t moves = 0;      // that wait for an operator
  };
  virtual Listing listing() const = 0;
};

}  // namespace ringi::ports
