#include "server/aws/protocol/form.hpp"

#include "server/aws/protocol/percent.hpp"
#include "server/aws/protocol/scalar.hpp"

#include <nlohmann/json.hpp>

namespace ringi::aws {

using nlohmann::json;

namespace {

class Form {
 public:
  explicit Form(bool ec2) : ec2_(ec2) {}

  void add(std::string_view name, std::string_view value) {
    if (!text_.empty()) text_ += '&';
    text_.append(percent_encode(name)).append("=").append(percent_encode(value));
  }

  void add_members(const Shape& shape, const json& input, const std::string& prefix) {
    for (const auto& member : shape.members) {
      const auto value = input.find(member.name);
      if (value == input.end() || value->is_null()) continue;
      add_value(member, *value, prefix + name_of(member));
    }
  }

  std::string text() && { return std::move(text_); }

 private:
  std::string name_of(const Member& member) const {
    if (!ec2_) return std::string{member.on_wire()};
    if (!member.query_name.empty()) return std::string{member.query_name};
    std::string name{member.on_wire()};
    const bool lower = !member.wire_name.empty() && name[0] >= 'a' && name[0] <= 'z';
    if (lower) name[0] = static_cast<char>(name[0] - 'a' + 'A');
    return name;
  }

  void add_value(const Member& member, const json& value, const std::string& name) {
    switch (member.kind) {
      case Kind::structure:
        return add_members(*member.shape, value, name + ".");
      case Kind::list:
        return add_list(member, value, name);
      case Kind::map:
        return add_map(member, value, name);
      default:
        return add(name, scalar_text(member, value, TimeFormat::iso8601));
    }
  }

  // A flattened list without a name of its own on the wire bears its member's.
  void add_list(const Member& list, const json& value, std::string name) {
    const auto& item = list.shape->members.front();
    const bool flat = ec2_ || list.flattened || list.shape->flattened;
    if (value.empty() && !ec2_) add(name, "");
    if (flat && !ec2_ && list.wire_name.empty() && !item.wire_name.empty()) {
      const auto dot = name.rfind('.');
      name = name.substr(0, dot == name.npos ? 0 : dot + 1) + std::string{item.wire_name};
    } else if (!flat) {
      name += "." + std::string{item.on_wire()};
    }
    for (std::size_t i = 0; i < value.size(); ++i)
      add_value(item, value[i], name + "." + std::to_string(i + 1));
  }

  void add_map(const Member& map, const json& value, const std::string& name) {
    const auto& key = map.shape->members.front();
    const auto& item = map.shape->members.back();
    const bool flat = map.flattened || map.shape->flattened;
    int number = 0;
    for (const auto& [name_in_map, item_value] : value.items()) {
      const auto entry = name + (flat ? "." : ".entry.") + std::to_string(++number) + ".";
      add(entry + std::string{key.on_wire()}, name_in_map);
      add_value(item, item_value, entry + std::string{item.on_wire()});
    }
  }

  bool ec2_;
  std::string text_;
};

}  // namespace

std::string form_of(const Model& model, const Operation& operation, const json& input) {
  Form form{model.protocol == Protocol::ec2};
  form.add("Action", operation.name);
  form.add("Version", model.api_version);
  if (operation.input != nullptr) form.add_members(*operation.input, input, "");
  return std::move(form).text();
}

}  // namespace ringi::aws
