#include "server/aws/protocol/check.hpp"

#include "server/aws/protocol/depth.hpp"
#include "server/aws/protocol/instant.hpp"
#include "server/crypto/base64.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>

namespace ringi::aws {

using nlohmann::json;

namespace {

bool breaks_line(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < ' ' || c == 0x7f; });
}

Error wrong(const std::string& path, std::string_view what) {
  return error(Errc::invalid, path + " " + std::string{what} + ".");
}

bool is_float(const json& value) {
  static constexpr std::string_view specials[] = {"NaN", "Infinity", "-Infinity"};
  return value.is_number() ||
         (value.is_string() &&
          std::ranges::find(specials, value.get_ref<const std::string&>()) != std::end(specials));
}

// nullptr: it is one.
const char* objection(Kind kind, const json& value) {
  switch (kind) {
    case Kind::structure:
    case Kind::map:
      return value.is_object() ? nullptr : "must be an object";
    case Kind::list:
      return value.is_array() ? nullptr : "must be a list";
    case Kind::string:
      return value.is_string() ? nullptr : "must be text";
    case Kind::integer:
      return value.is_number_integer() ? nullptr : "must be a whole number";
    case Kind::floating:
      return is_float(value) ? nullptr : "must be a number";
    case Kind::boolean:
      return value.is_boolean() ? nullptr : "must be true or false";
    case Kind::timestamp:
      return instant_of(value) ? nullptr : "must be a time";
    case Kind::blob:
      return value.is_string() && crypto::from_base64(value.get_ref<const std::string&>())
                 ? nullptr
                 : "must be base64 text";
    case Kind::document:
      break;
  }
  return nullptr;
}

// A null in a list or a map has a meaning in JSON alone; a line break has none in a header.
struct Place {
  bool takes_null;
  int depth = 0;
  Place inside() const { return {takes_null, depth + 1}; }
};

bool breaks_a_header(const Member& member, const json& value) {
  if (member.location != Location::header && member.location != Location::headers) return false;
  if (value.is_structured()) {
    return std::ranges::any_of(value.items(), [&](const auto& item) {
      return breaks_line(item.key()) || breaks_a_header(member, item.value());
    });
  }
  return value.is_string() && breaks_line(value.get_ref<const std::string&>());
}

Result<void> check(const Member& member, const json& value, const std::string& path, Place place);

Result<void> check_members(const Shape& shape, const json& value, const std::string& path,
                           Place place) {
  const auto inside = path.empty() ? "" : path + ".";
  std::size_t set = 0;
  for (const auto& [name, item] : value.items()) {
    const auto* member = shape.find(name);
    if (member == nullptr) return wrong(inside + name, "is not a parameter here");
    if (item.is_null()) continue;
    ++set;
    auto checked = check(*member, item, inside + name, place);
    if (checked.has_error()) return checked;
  }
  if (shape.is_union && set != 1) return wrong(path, "must hold exactly one of its members");
  for (const auto& member : shape.members) {
    const auto given = value.find(member.name);
    const bool missing = given == value.end() || given->is_null();
    if (member.required && missing && !member.idempotency_token)
      return wrong(inside + std::string{member.name}, "is needed");
  }
  return {};
}

Result<void> check_parts(const Shape& shape, const json& value, const std::string& path,
                         Place place) {
  if (shape.kind == Kind::structure) return check_members(shape, value, path, place);
  for (const auto& [key, item] : value.items()) {
    if (item.is_null() && place.takes_null) continue;
    const bool is_list = shape.kind == Kind::list;
    auto checked =
        check(shape.members.back(), item, path + (is_list ? "[" + key + "]" : "." + key), place);
    if (checked.has_error()) return checked;
  }
  return {};
}

Result<void> check(const Member& member, const json& value, const std::string& path, Place place) {
  if (place.depth > max_depth) return wrong(path, "is nested too deep");
  if (breaks_a_header(member, value)) return wrong(path, "must not hold line breaks");
  if (const auto* what = objection(member.kind, value)) return wrong(path, what);
  if (member.shape == nullptr) return {};
  return check_parts(*member.shape, value, path, place.inside());
}

}  // namespace

Result<void> check_input(const Model& model, const Operation& operation, const json& input) {
  if (!input.is_object()) return error(Errc::invalid, "The parameters must be an object.");
  const Place top{model.protocol == Protocol::json || model.protocol == Protocol::rest_json};
  if (operation.input != nullptr) return check_members(*operation.input, input, "", top);
  if (input.empty()) return {};
  return wrong(input.begin().key(), "is not a parameter here: there are none");
}

}  // namespace ringi::aws
