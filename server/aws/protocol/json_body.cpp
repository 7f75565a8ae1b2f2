#include "server/aws/protocol/json_body.hpp"

#include "server/aws/protocol/depth.hpp"
#include "server/aws/protocol/instant.hpp"
#include "server/aws/protocol/scalar.hpp"

#include <nlohmann/json.hpp>

namespace ringi::aws {

using nlohmann::json;

namespace {

bool is_deep(const std::string& text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > max_depth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

json write(const Member& member, const json& value) {
  if (member.shape != nullptr) return to_json_body(*member.shape, value);
  if (member.kind == Kind::timestamp)
    return instant_json(*instant_of(value), format_of(member, TimeFormat::epoch));
  return value;
}

json read_member(const Member& member, const json& value) {
  if (member.shape != nullptr) return from_json_body(*member.shape, value);
  if (member.kind != Kind::timestamp) return value;
  const auto time = instant_of(value);
  return time ? json(iso8601(*time)) : value;
}

// A union may bear the name of its type beside its member: that is none of them, and goes.
json read_structure(const Shape& shape, const json& value) {
  json out = json::object();
  for (const auto& member : shape.members) {
    if (member.location != Location::body) continue;
    const auto found = value.find(member.on_wire());
    if (found == value.end() || found->is_null()) continue;
    out[std::string{member.name}] = read_member(member, *found);
  }
  return out;
}

}  // namespace

json to_json_body(const Shape& shape, const json& value) {
  if (shape.kind == Kind::list) {
    json out = json::array();
    for (const auto& item : value)
      out.push_back(item.is_null() ? item : write(shape.members.front(), item));
    return out;
  }
  json out = json::object();
  if (shape.kind == Kind::map) {
    for (const auto& [key, item] : value.items())
      out[key] = item.is_null() ? item : write(shape.members.back(), item);
    return out;
  }
  for (const auto& member : shape.members) {
    const auto given = value.find(member.name);
    const bool here = member.location == Location::body && !member.payload;
    if (here && given != value.end() && !given->is_null())
      out[std::string{member.on_wire()}] = write(member, *given);
  }
  return out;
}

json from_json_body(const Shape& shape, const json& value) {
  const bool fits = shape.kind == Kind::list ? value.is_array() : value.is_object();
  if (!fits) return value;
  if (shape.kind == Kind::structure) return read_structure(shape, value);
  const auto& member = shape.members.back();
  if (shape.kind == Kind::list) {
    json out = json::array();
    for (const auto& item : value) out.push_back(item.is_null() ? item : read_member(member, item));
    return out;
  }
  json out = json::object();
  for (const auto& [key, item] : value.items()) {
    if (!item.is_null()) out[key] = read_member(member, item);
  }
  return out;
}

std::optional<json> parse_json(const std::string& text) {
  if (is_deep(text)) return std::nullopt;
  auto value = json::parse(text, nullptr, false);
  if (value.is_discarded()) return std::nullopt;
  return value;
}

}  // namespace ringi::aws
