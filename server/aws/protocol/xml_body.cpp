#include "server/aws/protocol/xml_body.hpp"

#include "server/aws/protocol/depth.hpp"
#include "server/aws/protocol/scalar.hpp"

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include <algorithm>
#include <sstream>

namespace ringi::aws {

using nlohmann::json;

namespace {

// "xsi:type" and "type" are the same name to AWS.
std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  return name.substr(name.find(':') + 1);  // npos + 1 is 0
}

bool is_element(const pugi::xml_node& node) {
  return node.type() == pugi::node_element;
}

bool is_flat(const Member& member) {
  return member.flattened || member.shape->flattened;
}

// Of one name: an element of a flattened list bears the list's or, in older models, its member's.
bool is_named(std::string_view element, const Member& member) {
  const auto wanted = member.on_wire();
  if (element == wanted.substr(wanted.find(':') + 1)) return true;
  return member.kind == Kind::list && is_flat(member) &&
         element == member.shape->members.front().wire_name;
}

const Member* member_named(const Shape& shape, std::string_view element) {
  const auto found = std::ranges::find_if(shape.members, [&](const Member& member) {
    return member.location == Location::body && !member.xml_attribute && is_named(element, member);
  });
  return found == shape.members.end() ? nullptr : &*found;
}

// False, from each of these: nested too deep.
bool read_structure(const Shape& shape, const pugi::xml_node& element, int depth, json& out);

bool read_entry(const Shape& map, const pugi::xml_node& entry, int depth, json& out);

bool read_value(const Member& member, const pugi::xml_node& element, int depth, json& out) {
  if (depth > max_depth) return false;
  if (member.kind == Kind::structure) return read_structure(*member.shape, element, depth + 1, out);
  if (member.shape == nullptr) {
    out = scalar_value(member.kind, element.text().get());
    return true;
  }
  out = member.kind == Kind::list ? json::array() : json::object();
  for (const auto& child : element.children()) {
    if (!is_element(child)) continue;
    const bool read = member.kind == Kind::list ? read_value(member.shape->members.front(), child,
                                                             depth + 1, out.emplace_back())
                                                : read_entry(*member.shape, child, depth + 1, out);
    if (!read) return false;
  }
  return true;
}

bool read_entry(const Shape& map, const pugi::xml_node& entry, int depth, json& out) {
  const auto& key = map.members.front();
  const auto& item = map.members.back();
  std::string name;
  json value;
  for (const auto& child : entry.children()) {
    if (local_name(child) == key.on_wire()) name = child.text().get();
    const bool is_value = local_name(child) == item.on_wire();
    if (is_value && !read_value(item, child, depth, value)) return false;
  }
  out[name] = std::move(value);
  return true;
}

// One element of a flattened list or map, or the whole of anything else.
bool read_member(const Member& member, const pugi::xml_node& element, int depth, json& out) {
  const bool repeats = (member.kind == Kind::list || member.kind == Kind::map) && is_flat(member);
  if (!repeats) return read_value(member, element, depth, out);
  if (member.kind == Kind::map) return read_entry(*member.shape, element, depth + 1, out);
  return read_value(member.shape->members.front(), element, depth + 1, out.emplace_back());
}

bool read_structure(const Shape& shape, const pugi::xml_node& element, int depth, json& out) {
  out = json::object();
  for (const auto& child : element.children()) {
    const auto* member = is_element(child) ? member_named(shape, local_name(child)) : nullptr;
    if (member == nullptr) continue;
    if (!read_member(*member, child, depth, out[std::string{member->name}])) return false;
  }
  for (const auto& member : shape.members) {
    if (!member.xml_attribute) continue;
    const auto attribute = element.attribute(std::string{member.on_wire()}.c_str());
    if (attribute) out[std::string{member.name}] = scalar_value(member.kind, attribute.value());
  }
  return true;
}

void set_namespace(pugi::xml_node& element, std::string_view space) {
  if (space.empty()) return;
  const auto bar = space.find('|');
  const auto attribute =
      bar == space.npos ? std::string{"xmlns"} : "xmlns:" + std::string{space.substr(0, bar)};
  element.append_attribute(attribute.c_str()) =
      std::string{bar == space.npos ? space : space.substr(bar + 1)}.c_str();
}

pugi::xml_node append(pugi::xml_node& parent, std::string_view name, std::string_view space) {
  auto element = parent.append_child(std::string{name}.c_str());
  set_namespace(element, space);
  return element;
}

void write_members(const Shape& shape, const json& value, pugi::xml_node& element);

void write_value(const Member& member, const json& value, pugi::xml_node& element);

// The items as elements of that name, beside each other.
void write_items(const Shape& list, const json& value, std::string_view name,
                 std::string_view space, pugi::xml_node& parent) {
  for (const auto& one : value) {
    auto element = append(parent, name, space);
    write_value(list.members.front(), one, element);
  }
}

void write_entries(const Shape& map, const json& value, std::string_view name,
                   std::string_view space, pugi::xml_node& parent) {
  const auto& key = map.members.front();
  const auto& item = map.members.back();
  for (const auto& [key_text, one] : value.items()) {
    auto entry = append(parent, name, space);
    append(entry, key.on_wire(), key.xml_namespace).text() = key_text.c_str();
    auto element = append(entry, item.on_wire(), item.xml_namespace);
    write_value(item, one, element);
  }
}

// What stands in an element that is there already.
void write_value(const Member& member, const json& value, pugi::xml_node& element) {
  if (member.kind == Kind::structure) {
    write_members(*member.shape, value, element);
  } else if (member.kind == Kind::list) {
    const auto& item = member.shape->members.front();
    write_items(*member.shape, value, item.on_wire(), item.xml_namespace, element);
  } else if (member.kind == Kind::map) {
    write_entries(*member.shape, value, "entry", "", element);
  } else {
    element.text() = scalar_text(member, value, TimeFormat::iso8601).c_str();
  }
}

void write_member(const Member& member, const json& value, pugi::xml_node& parent) {
  const bool repeats = (member.kind == Kind::list || member.kind == Kind::map) && is_flat(member);
  if (member.xml_attribute) {
    parent.append_attribute(std::string{member.on_wire()}.c_str()) =
        scalar_text(member, value, TimeFormat::iso8601).c_str();
  } else if (repeats && member.kind == Kind::map) {
    write_entries(*member.shape, value, member.on_wire(), member.xml_namespace, parent);
  } else if (repeats) {
    write_items(*member.shape, value, member.on_wire(), member.xml_namespace, parent);
  } else {
    auto element = append(parent, member.on_wire(), member.xml_namespace);
    write_value(member, value, element);
  }
}

void write_members(const Shape& shape, const json& value, pugi::xml_node& element) {
  for (const auto& member : shape.members) {
    const auto given = value.find(member.name);
    if (member.location != Location::body || given == value.end() || given->is_null()) continue;
    write_member(member, *given, element);
  }
}

}  // namespace

bool parse_xml(const std::string& body, pugi::xml_document& document) {
  return document.load_buffer(body.data(), body.size(),
                              pugi::parse_default | pugi::parse_ws_pcdata_single);
}

std::optional<json> from_xml(const Shape& shape, const pugi::xml_node& element) {
  json out;
  if (!read_structure(shape, element, 0, out)) return std::nullopt;
  return out;
}

std::string to_xml(const Shape& shape, const json& value, std::string_view root,
                   std::string_view xml_namespace) {
  pugi::xml_document document;
  auto element = append(document, root, xml_namespace);
  write_members(shape, value, element);
  std::ostringstream text;
  document.save(text, "", pugi::format_raw | pugi::format_no_declaration);
  return text.str();
}

}  // namespace ringi::aws
