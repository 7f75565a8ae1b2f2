#include "server/aws/protocol/check.hpp"
#include "server/aws/protocol/form.hpp"
#include "server/aws/protocol/json_body.hpp"
#include "server/aws/protocol/protocol.hpp"
#include "server/aws/protocol/quirks.hpp"
#include "server/aws/protocol/rest.hpp"
#include "server/aws/protocol/xml_body.hpp"
#include "server/crypto/base64.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>

namespace ringi::aws {

using nlohmann::json;

namespace {

// Text from git may be no UTF-8: it is sent with marks, rather than an exception thrown.
std::string dumped(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

void set_content(WireRequest& request, const char* type, std::string body) {
  const bool named = std::ranges::any_of(
      request.headers, [](const auto& header) { return header.first == "Content-Type"; });
  if (!named) request.headers.emplace_back("Content-Type", type);
  request.body = std::move(body);
}

void fill_tokens(const Shape& input, json& value, const NewToken& new_token) {
  for (const auto& member : input.members) {
    if (!member.idempotency_token) continue;
    auto& token = value[std::string{member.name}];
    if (token.is_null()) token = new_token();
  }
}

WireRequest json_request(const Model& model, const Operation& operation, const json& input) {
  WireRequest request;
  request.headers = {
      {"Content-Type", "application/x-amz-json-" + std::string{model.json_version}},
      {"X-Amz-Target", std::string{model.target_prefix} + "." + std::string{operation.name}}};
  if (model.query_codes) request.headers.emplace_back("x-amzn-query-mode", "true");
  const auto* shape = operation.input;
  request.body = shape == nullptr ? "{}" : dumped(to_json_body(*shape, input));
  return request;
}

WireRequest form_request(const Model& model, const Operation& operation, const json& input) {
  WireRequest request;
  set_content(request, "application/x-www-form-urlencoded; charset=utf-8",
              form_of(model, operation, input));
  return request;
}

// The root of an XML body, and its namespace.
struct Root {
  std::string_view name, space;
};

void set_structure(const Model& model, const Shape& shape, const json& value, Root root,
                   WireRequest& request) {
  if (model.protocol == Protocol::rest_json) {
    set_content(request, "application/json", dumped(to_json_body(shape, value)));
  } else {
    if (root.space.empty()) root.space = model.xml_namespace;
    set_content(request, "application/xml", to_xml(shape, value, root.name, root.space));
  }
}

// One member is the body: a structure as JSON or XML, else as it is.
void set_payload(const Model& model, const Member& member, const json* value,
                 WireRequest& request) {
  if (member.kind == Kind::structure) {
    const bool says_nothing = value == nullptr;
    if (says_nothing && (member.shape->is_union || model.protocol == Protocol::rest_xml)) return;
    set_structure(model, *member.shape, says_nothing ? json::object() : *value,
                  {member.on_wire(), member.xml_namespace}, request);
  } else if (value == nullptr) {
    return;
  } else if (member.kind == Kind::blob) {
    set_content(request, "application/octet-stream",
                crypto::from_base64(value->get_ref<const std::string&>()).value_or(""));
  } else if (member.kind == Kind::document) {
    set_content(request, "application/json", dumped(*value));
  } else {
    set_content(request, "text/plain", value->get<std::string>());
  }
}

Result<WireRequest> rest_request(const Model& model, const Operation& operation,
                                 const json& input) {
  auto bound = bind_rest(model, operation, input);
  if (bound.has_error() || operation.input == nullptr) return bound;
  auto request = std::move(bound).value();
  if (const auto* payload = operation.input->payload()) {
    const auto given = input.find(payload->name);
    const bool there = given != input.end() && !given->is_null();
    set_payload(model, *payload, there ? &*given : nullptr, request);
    return request;
  }
  // In JSON an object that says nothing, in XML nothing.
  const bool has_body = std::ranges::any_of(operation.input->members, [&](const Member& member) {
    return member.location == Location::body &&
           (model.protocol == Protocol::rest_json || input.contains(member.name));
  });
  if (has_body)
    set_structure(model, *operation.input, input, {operation.root, operation.xml_namespace},
                  request);
  return request;
}

// "{AccountId}." with its label; a label of a host is letters, digits and hyphens.
Result<std::string> host_prefix(const Operation& operation, const json& input) {
  const auto open = operation.host_prefix.find('{');
  if (open == operation.host_prefix.npos) return std::string{operation.host_prefix};
  const auto close = operation.host_prefix.find('}');
  const std::string name{operation.host_prefix.substr(open + 1, close - open - 1)};
  const auto given = input.find(name);
  const auto label = given != input.end() && given->is_string() ? given->get<std::string>() : "";
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-'; };
  const bool whole = !label.empty() && label.front() != '-' && label.back() != '-';
  if (!whole || label.size() > 63 || !std::ranges::all_of(label, fits))
    return error(Errc::invalid,
                 name + " must be letters, digits and hyphens: it is part of a host.");
  return std::string{operation.host_prefix.substr(0, open)} + label +
         std::string{operation.host_prefix.substr(close + 1)};
}

Result<WireRequest> request_of(const Model& model, const Operation& operation, const json& input) {
  switch (model.protocol) {
    case Protocol::json:
      return json_request(model, operation, input);
    case Protocol::query:
    case Protocol::ec2:
      return form_request(model, operation, input);
    case Protocol::rest_json:
    case Protocol::rest_xml:
      break;
  }
  return rest_request(model, operation, input);
}

}  // namespace

Result<WireRequest> to_wire(const Model& model, const Operation& operation, json input,
                            const NewToken& new_token) {
  if (input.is_null()) input = json::object();
  const auto checked = check_input(model, operation, input);
  if (checked.has_error()) return checked.error();
  mend_input(model, operation, input);
  if (operation.input != nullptr) fill_tokens(*operation.input, input, new_token);
  auto prefix = host_prefix(operation, input);
  if (prefix.has_error()) return prefix.error();
  auto request = request_of(model, operation, input);
  if (request.has_error()) return request;
  request->host_prefix = *std::move(prefix);
  mend_request(model, *request);
  return request;
}

}  // namespace ringi::aws
