#pragma once

#include "server/slack/form.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace ringi::slack {

// The member of an object; a null value where there is none, so that look-ups can be chained.
inline const nlohmann::json& member(const nlohmann::json& object, std::string_view name) {
  static const nlohmann::json none;
  if (!object.is_object()) return none;
  const auto at = object.find(name);
  return at == object.end() ? none : *at;
}

// "" where it is absent or no string.
inline std::string text_of(const nlohmann::json& object, std::string_view name) {
  const auto& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : std::string{};
}

// The id, an empty one where the member is absent or empty, nullopt where it is malformed.
template <class Id>
std::optional<Id> id_or_none(const nlohmann::json& object, std::string_view name) {
  const auto text = text_of(object, name);
  return text.empty() ? Id{} : Id::parse(text);
}

// An object, or nullopt. Text in it is UTF-8 (the parser checks) without NUL.
inline std::optional<nlohmann::json> parse_object(std::string_view text) {
  if (text.find("\\u0000") != text.npos) return std::nullopt;
  auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

}  // namespace ringi::slack
