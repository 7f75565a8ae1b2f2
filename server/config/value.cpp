#include "server/config/value.hpp"

#include <toml++/toml.h>

namespace ringi::config {
namespace {

// Deeper is no configuration; without a bound a hostile file could exhaust the stack.
constexpr int deepest = 16;

Value converted(const toml::node& node, int depth);

Value converted_table(const toml::table& table, int depth) {
  Value value{.kind = Value::Kind::table};
  for (const auto& [key, node] : table) {
    value.entries.emplace(std::string{key.str()}, converted(node, depth + 1));
  }
  return value;
}

Value converted_array(const toml::array& array, int depth) {
  Value value{.kind = Value::Kind::array};
  for (const toml::node& node : array) value.items.push_back(converted(node, depth + 1));
  return value;
}

Value unplaced(const toml::node& node, int depth) {
  if (depth > deepest) return {.kind = Value::Kind::other};
  if (const auto* table = node.as_table()) return converted_table(*table, depth);
  if (const auto* array = node.as_array()) return converted_array(*array, depth);
  if (const auto* text = node.as_string()) {
    return {.kind = Value::Kind::text, .text = text->get()};
  }
  if (const auto* number = node.as_integer()) {
    return {.kind = Value::Kind::number, .number = number->get()};
  }
  if (const auto* boolean = node.as_boolean()) {
    return {.kind = Value::Kind::boolean, .boolean = boolean->get()};
  }
  return {.kind = Value::Kind::other};
}

Value converted(const toml::node& node, int depth) {
  Value value = unplaced(node, depth);
  value.line = static_cast<int>(node.source().begin.line);
  return value;
}

}  // namespace

std::string_view name_of(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::text:
      return "a text";
    case Value::Kind::number:
      return "a whole number";
    case Value::Kind::boolean:
      return "true or false";
    case Value::Kind::array:
      return "a list";
    case Value::Kind::table:
      return "a table";
    case Value::Kind::other:
      break;
  }
  return "a value of another kind";
}

std::optional<Value> parse_toml(const std::string& text, const std::string& file,
                                Problems& problems) {
  try {
    return converted(toml::parse(text), 0);
  } catch (const toml::parse_error& failure) {
    const int line = static_cast<int>(failure.source().begin.line);
    // The parser's own sentence may quote the file's text, and with it a misplaced secret.
    problems.push_back({{file, line},
                        "",
                        "this is not valid TOML",
                        "is a name defined twice, or a text without quotes? see https://toml.io"});
    return std::nullopt;
  }
}

}  // namespace ringi::config
