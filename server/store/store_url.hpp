#pragma once

#include "handlers/types/result.hpp"

#include <string>

namespace ringi::store {

enum class Database { sqlite, postgresql };

// A `[store] url`, checked and taken apart. `connect` may hold a password: it goes to the driver
// only.
struct StoreUrl {
  Database database = Database::sqlite;
  std::string connect;   // what SOCI's backend opens
  std::string path;      // SQLite: the file; PostgreSQL: empty
  std::string password;  // PostgreSQL: kept to be struck out of the driver's texts
};

// "sqlite:/path" or "postgresql://…". An error never repeats the URL.
Result<StoreUrl> parse_store_url(const std::string& text);

}  // namespace ringi::store
