#include "server/aws/protocol/quirks.hpp"

#include "server/aws/protocol/xml_body.hpp"
#include "server/net/transport.hpp"

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include <string>

namespace ringi::aws {

using nlohmann::json;

void mend_input(const Model& model, const Operation& operation, json& input) {
  if (model.name != "route53" || operation.input == nullptr) return;
  for (const auto& member : operation.input->members) {
    const auto given = input.find(member.name);
    if (member.location != Location::uri || given == input.end() || !given->is_string()) continue;
    const auto& id = given->get_ref<const std::string&>();
    *given = id.substr(id.rfind('/') + 1);
  }
}

void mend_request(const Model& model, WireRequest& request) {
  if (model.name == "glacier")
    request.headers.emplace_back("x-amz-glacier-version", std::string{model.api_version});
  if (model.name == "apigateway") request.headers.emplace_back("Accept", "application/json");
}

std::optional<json> odd_output(const Model& model, const Operation& operation,
                               const net::Answer& answer) {
  if (model.name != "s3" || operation.name != "GetBucketLocation") return std::nullopt;
  pugi::xml_document document;
  if (!parse_xml(answer.body, document)) return std::nullopt;
  const auto root = document.document_element();
  if (std::string_view{root.name()} != "LocationConstraint") return std::nullopt;
  return json{{"LocationConstraint", root.text().get()}};
}

}  // namespace ringi::aws
