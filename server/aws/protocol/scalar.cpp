#include "server/aws/protocol/scalar.hpp"

#include "handlers/message/unicode.hpp"
#include "server/aws/protocol/instant.hpp"

#include <nlohmann/json.hpp>

namespace ringi::aws {

using nlohmann::json;

namespace {

json number_value(const std::string& text) {
  auto value = json::parse(text, nullptr, false);
  return value.is_number() ? value : json(text);  // "NaN" and its like are text
}

json time_value(const std::string& text) {
  const auto time = parse_instant(text);
  return time ? iso8601(*time) : text;
}

}  // namespace

TimeFormat format_of(const Member& member, TimeFormat otherwise) {
  return member.time_format == TimeFormat::by_location ? otherwise : member.time_format;
}

std::string scalar_text(const Member& member, const json& value, TimeFormat times) {
  if (member.kind == Kind::timestamp)
    return instant_text(*instant_of(value), format_of(member, times));
  return value.is_string() ? value.get<std::string>() : value.dump();
}

json scalar_value(Kind kind, const std::string& text) {
  switch (kind) {
    case Kind::integer:
    case Kind::floating:
      return number_value(text);
    case Kind::boolean:
      return text == "true";
    case Kind::timestamp:
      return time_value(text);
    case Kind::string:
      return message::cut(text, 2 * text.size() + 1);  // valid UTF-8, and whole
    default:
      return text;  // a blob stays base64
  }
}

}  // namespace ringi::aws
