#pragma once

#include "server/store/copies.hpp"

namespace ringi::store {

class Store;

class CopyRows final : public Copies {
 public:
  explicit CopyRows(Store& store) : store_(store) {}

  Task<Result<std::optional<Copy>>> get(std::string kind, std::string key) override;
  Task<Result<void>> put(std::string kind, std::string key, std::string value) override;
  Task<Result<void>> drop(std::string kind, std::string key) override;
  Task<Result<void>> drop_older(std::string kind, Time than) override;

  // On the calling thread, for the command line.
  Result<std::optional<Copy>> get_now(const std::string& kind, const std::string& key);

 private:
  Store& store_;
};

}  // namespace ringi::store
