#pragma once

#include "server/aws/models/model.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace pugi {
class xml_document;
class xml_node;
}  // namespace pugi

namespace ringi::aws {

// False: that is no XML. Entities beyond XML's own five stay unexpanded, and a DOCTYPE is passed
// over: no DTD is read.
bool parse_xml(const std::string& body, pugi::xml_document& document);

// What stands in this element, by the shape. nullopt: nested too deep.
std::optional<nlohmann::json> from_xml(const Shape& shape, const pugi::xml_node& element);

// The checked value as a document whose root is `root`, in that namespace.
std::string to_xml(const Shape& shape, const nlohmann::json& value, std::string_view root,
                   std::string_view xml_namespace);

}  // namespace ringi::aws
