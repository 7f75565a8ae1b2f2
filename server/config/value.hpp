#pragma once

#include "server/config/problem.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringi::config {

// A TOML value with its line. Our own type, so that one file alone pays for the TOML parser's
// headers.
struct Value {
  enum class Kind { text, number, boolean, array, table, other };
  Kind kind = Kind::table;
  int line = 0;
  std::string text;
  std::int64_t number = 0;
  bool boolean = false;
  std::vector<Value> items;
  std::map<std::string, Value, std::less<>> entries;
};

std::string_view name_of(Value::Kind kind);  // "a text", "a whole number", "a list" ...

// The top table of a file; nullopt after a syntax error, which is reported with its line.
std::optional<Value> parse_toml(const std::string& text, const std::string& file,
                                Problems& problems);

}  // namespace ringi::config
