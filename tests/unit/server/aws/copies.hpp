#pragma once

#include "server/store/copies.hpp"

#include <map>
#include <optional>
#include <string>

namespace ringi::aws::test {

struct FakeCopies : store::Copies {
  std::map<std::string, store::Copy> rows;
  bool away = false;
  Task<Result<std::optional<store::Copy>>> get(std::string kind, std::string key) override {
    if (away) co_return error(Errc::unavailable, "the store is away");
    const auto found = rows.find(kind + " " + key);
    co_return found == rows.end() ? std::nullopt : std::optional{found->second};
  }
  Task<Result<void>> put(std::string kind, std::string key, std::string value) override {
    if (away) co_return error(Errc::unavailable, "the store is away");
    rows[kind + " " + key] = {std::move(value), now};
    co_return Result<void>{};
  }
  Task<Result<void>> drop(std::string kind, std::string key) override {
    rows.erase(kind + " " + key);
    co_return Result<void>{};
  }
  Task<Result<void>> drop_older(std::string, Time) override { co_return Result<void>{}; }
  Time now{};
};

}  // namespace ringi::aws::test
