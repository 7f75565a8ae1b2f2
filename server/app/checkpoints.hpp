#pragma once

#include "server/ledger/publisher.hpp"
#include "server/store/copies.hpp"
#include "server/store/ledger_reader.hpp"

namespace ringi::app {

// The store's checkpoints, as the publisher asks for them.
class StoredCheckpoints final : public ledger::Checkpoints {
 public:
  StoredCheckpoints(store::LedgerReader& reader, store::Copies& copies)
      : reader_(reader), copies_(copies) {}

  Task<Result<std::optional<Unpublished>>> newest_unpublished() override {
    auto found = co_await reader_.unpublished();
    if (found.has_error()) co_return found.error();
    if (!found.value()) co_return std::optional<Unpublished>{};
    co_return Unpublished{found.value()->size, found.value()->note};
  }
  Task<Result<void>> mark_published(std::int64_t size) override {
    auto marked = co_await reader_.mark_published(size);
    if (marked.has_error()) co_return marked;
    marked = co_await copies_.put(kind, key, std::to_string(size));
    co_return marked;
  }
  Task<Result<std::optional<Time>>> published_at() override {
    auto found = co_await copies_.get(kind, key);
    if (found.has_error()) co_return found.error();
    if (!found.value()) co_return std::optional<Time>{};
    co_return std::optional{found.value()->as_of};
  }

 private:
  static constexpr const char* kind = "published";
  static constexpr const char* key = "checkpoint";

  store::LedgerReader& reader_;
  store::Copies& copies_;
};

}  // namespace ringi::app
