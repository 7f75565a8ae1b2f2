#include "server/aws/protocol/json_body.hpp"
#include "server/aws/protocol/protocol.hpp"
#include "server/aws/protocol/quirks.hpp"
#include "server/aws/protocol/rest.hpp"
#include "server/aws/protocol/scalar.hpp"
#include "server/aws/protocol/xml_body.hpp"
#include "server/crypto/base64.hpp"
#include "server/net/transport.hpp"

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include <algorithm>

namespace ringi::aws {

using nlohmann::json;

namespace {

using Output = std::optional<json>;

bool is_xml(const Model& model) {
  return model.protocol == Protocol::query || model.protocol == Protocol::ec2 ||
         model.protocol == Protocol::rest_xml;
}

Output json_output(const Shape& shape, const std::string& body) {
  if (body.empty()) return json::object();
  const auto parsed = parse_json(body);
  if (!parsed || !parsed->is_object()) return std::nullopt;
  return from_json_body(shape, *parsed);
}

Output xml_output(const Shape& shape, const std::string& body, std::string_view wrapper) {
  if (body.empty() && shape.members.empty()) return json::object();
  pugi::xml_document document;
  if (!parse_xml(body, document)) return std::nullopt;
  const auto root = document.document_element();
  // S3 may say 200 and then fail; and a page of a proxy's is no answer.
  const std::string_view name = root.name();
  if (!root || name == "Error" || name == "html") return std::nullopt;
  return from_xml(shape, wrapper.empty() ? root : root.child(std::string{wrapper}.c_str()));
}

Output structure_in(const Model& model, const Shape& shape, const std::string& body) {
  if (model.protocol == Protocol::rest_json) return json_output(shape, body);
  return body.empty() ? json::object() : xml_output(shape, body, "");
}

// One member is the body. Left out where there is none.
bool read_payload(const Model& model, const Member& member, const std::string& body, json& out) {
  if (body.empty()) return true;
  Output value;
  if (member.kind == Kind::structure) {
    value = structure_in(model, *member.shape, body);
  } else if (member.kind == Kind::document) {
    value = parse_json(body);
  } else {
    value = member.kind == Kind::blob ? crypto::to_base64(body) : body;
  }
  if (!value) return false;
  out[std::string{member.name}] = *std::move(value);
  return true;
}

Output rest_output(const Model& model, const Shape& shape, const net::Answer& answer) {
  Output out = json::object();
  const bool in_body = std::ranges::any_of(shape.members, [](const Member& member) {
    return member.location == Location::body && !member.payload;
  });
  if (const auto* payload = shape.payload()) {
    if (!read_payload(model, *payload, answer.body, *out)) return std::nullopt;
  } else if (in_body) {
    out = structure_in(model, shape, answer.body);
  }
  if (out) read_rest(shape, answer, *out);
  return out;
}

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::string first_of(std::initializer_list<std::string> texts) {
  const auto found = std::ranges::find_if(texts, [](const auto& text) { return !text.empty(); });
  return found == texts.end() ? std::string{} : *found;
}

Failure json_failure(const Model& model, const net::Answer& answer) {
  auto body = parse_json(answer.body).value_or(json::object());
  if (!body.is_object()) body = json::object();
  // A service that once spoke query still names its old codes: "Code;Sender".
  const auto query_error = answer.header("x-amzn-query-error");
  const std::string old_code{query_error.substr(0, query_error.find(';'))};
  const std::string in_header{answer.header("x-amzn-errortype")};
  const bool rest = model.protocol == Protocol::rest_json;
  const auto code = first_of({old_code, rest ? in_header : "", text_of(body, "__type"), in_header,
                              text_of(body, "code"), text_of(body, "Code")});
  return {.status = answer.status,
          .code = plain_code(code),
          .message = first_of({text_of(body, "message"), text_of(body, "Message")}),
          .request_id = request_id_of(answer)};
}

Failure xml_failure(const Model& model, const net::Answer& answer) {
  pugi::xml_document document;
  parse_xml(answer.body, document);
  const auto root = document.document_element();
  auto found = root.child("Error") ? root.child("Error") : root.child("Errors").child("Error");
  if (!found && std::string_view{root.name()} == "Error") found = root;
  return {.status = answer.status,
          .code = plain_code(found.child_value("Code")),
          .message = found.child_value("Message"),
          .request_id = request_id_in(model, answer)};
}

}  // namespace

std::optional<json> from_wire(const Model& model, const Operation& operation,
                              const net::Answer& answer) {
  if (auto odd = odd_output(model, operation, answer)) return odd;
  static const Shape nothing;
  const auto& shape = operation.output == nullptr ? nothing : *operation.output;
  switch (model.protocol) {
    case Protocol::json:
      return json_output(shape, answer.body);
    case Protocol::query:
    case Protocol::ec2:
      return xml_output(shape, answer.body, operation.wrapper);
    case Protocol::rest_json:
    case Protocol::rest_xml:
      break;
  }
  return rest_output(model, shape, answer);
}

Failure failure_in(const Model& model, const net::Answer& answer) {
  return is_xml(model) ? xml_failure(model, answer) : json_failure(model, answer);
}

std::string request_id_in(const Model& model, const net::Answer& answer) {
  auto in_header = request_id_of(answer);
  if (!in_header.empty() || !is_xml(model)) return in_header;
  pugi::xml_document document;
  parse_xml(answer.body, document);
  const auto root = document.document_element();
  return first_of({root.child("ResponseMetadata").child_value("RequestId"),
                   root.child_value("RequestId"), root.child_value("requestId"),
                   root.child_value("RequestID")});
}

}  // namespace ringi::aws
