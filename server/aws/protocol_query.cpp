#include "server/aws/protocol_query.hpp"

#include "server/aws/percent.hpp"
#include "server/net/transport.hpp"

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

namespace ringi::aws {

using nlohmann::json;

namespace {

// Deeper than any query service answers; the conversion below recurses.
constexpr int max_depth = 32;

std::string scalar(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void append(std::string& form, const std::string& name, std::string_view value) {
  form.append("&").append(percent_encode(name)).append("=").append(percent_encode(value));
}

void append_value(std::string& form, const std::string& name, const json& value) {
  if (value.is_null()) return;
  if (value.is_object()) {
    for (const auto& [key, member] : value.items())
      append_value(form, name.empty() ? key : name + "." + key, member);
  } else if (value.is_array()) {
    if (value.empty()) append(form, name, "");
    for (std::size_t i = 0; i < value.size(); ++i)
      append_value(form, name + ".member." + std::to_string(i + 1), value[i]);
  } else {
    append(form, name, scalar(value));
  }
}

// Entities beyond XML's own five stay unexpanded, and a DOCTYPE is passed over: pugixml reads no
// DTD.
pugi::xml_document parse(const std::string& body) {
  pugi::xml_document document;
  if (!document.load_buffer(body.data(), body.size(), pugi::parse_default)) document.reset();
  return document;
}

bool all_children_are(const pugi::xml_node& node, std::string_view name) {
  bool some = false;
  for (const auto& child : node.children()) {
    if (child.type() == pugi::node_element && child.name() != name) return false;
    some = some || child.type() == pugi::node_element;
  }
  return some;
}

bool convert(const pugi::xml_node& node, int depth, json& out);

bool convert_list(const pugi::xml_node& node, int depth, json& out) {
  out = json::array();
  for (const auto& child : node.children("member"))
    if (!convert(child, depth, out.emplace_back())) return false;
  return true;
}

bool convert_map(const pugi::xml_node& node, int depth, json& out) {
  out = json::object();
  for (const auto& entry : node.children("entry"))
    if (!convert(entry.child("value"), depth, out[entry.child_value("key")])) return false;
  return true;
}

// A tag that repeats is a flattened list.
bool convert_structure(const pugi::xml_node& node, int depth, json& out) {
  out = json::object();
  for (const auto& child : node.children()) {
    if (child.type() != pugi::node_element) continue;
    json value;
    if (!convert(child, depth, value)) return false;
    const auto [place, fresh] = out.emplace(child.name(), value);
    if (fresh) continue;
    if (!place->is_array()) *place = json::array({*place});
    place->push_back(std::move(value));
  }
  return true;
}

// False: nested too deep.
bool convert(const pugi::xml_node& node, int depth, json& out) {
  if (depth > max_depth) return false;
  if (all_children_are(node, "member")) return convert_list(node, depth + 1, out);
  if (all_children_are(node, "entry")) return convert_map(node, depth + 1, out);
  for (const auto& child : node.children())
    if (child.type() == pugi::node_element) return convert_structure(node, depth + 1, out);
  out = node.text().get();
  return true;
}

}  // namespace

WireRequest query_request(const Service& service, std::string_view operation, const json& input) {
  WireRequest request;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}};
  request.body =
      "Action=" + std::string{operation} + "&Version=" + std::string{service.api_version};
  if (input.is_object()) append_value(request.body, "", input);
  return request;
}

std::optional<json> query_output(const net::Answer& answer, std::string_view operation) {
  const auto document = parse(answer.body);
  const auto root = document.document_element();
  if (!root) return std::nullopt;
  const auto result = root.child((std::string{operation} + "Result").c_str());
  json output = json::object();
  if (result && !convert(result, 0, output)) return std::nullopt;
  if (!output.is_object()) return json::object();
  return output;
}

Failure query_failure(const net::Answer& answer) {
  const auto document = parse(answer.body);
  const auto root = document.document_element();
  const auto found =
      root.child("Error") ? root.child("Error") : root.child("Errors").child("Error");
  const auto id = request_id_of(answer);
  return {.status = answer.status,
          .code = plain_code(found.child_value("Code")),
          .message = found.child_value("Message"),
          .request_id = id.empty() ? query_request_id(answer) : id};
}

std::string query_request_id(const net::Answer& answer) {
  const auto document = parse(answer.body);
  const auto root = document.document_element();
  const std::string inside = root.child("ResponseMetadata").child_value("RequestId");
  return inside.empty() ? root.child_value("RequestId") : inside;
}

}  // namespace ringi::aws
