#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace ringi::aws {

// The top level of a JSON object: its strings as decoded, the names of its other members; what is
// nested is checked and passed over.
struct FlatJson {
  std::map<std::string, std::string, std::less<>> strings;
  std::set<std::string, std::less<>> nulls;
  std::set<std::string, std::less<>> others;
};

// nullopt: not one JSON object, not UTF-8, a top-level name twice, or more than 64 names.
std::optional<FlatJson> parse_flat_json(std::string_view text);

}  // namespace ringi::aws
