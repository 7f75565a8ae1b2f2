#pragma once

#include "handlers/types/result.hpp"

#include <optional>
#include <string_view>
#include <vector>

// What ringi knows of one AWS service, from botocore's model of it: see format.md.
namespace ringi::aws {

enum class Protocol { json, rest_json, rest_xml, query, ec2 };

enum class Kind {
  structure,
  list,
  map,
  string,
  integer,
  floating,
  boolean,
  timestamp,
  blob,
  document
};

enum class Location { body, uri, query, header, headers, status };  // headers: all with a prefix
enum class TimeFormat { by_location, iso8601, rfc822, epoch };

struct Shape;

// A member of a structure, the member of a list, the key or the value of a map.
struct Member {
  std::string_view name;           // in the input and in the output
  std::string_view wire_name;      // locationName; "" where it is the name
  std::string_view query_name;     // of ec2
  std::string_view xml_namespace;  // "uri", or "prefix|uri"
  Kind kind = Kind::string;
  const Shape* shape = nullptr;  // of a structure, list or map
  Location location = Location::body;
  TimeFormat time_format = TimeFormat::by_location;
  bool required = false;
  bool payload = false;            // it is the body
  bool json_value = false;         // base64 of its text in a header
  bool idempotency_token = false;  // made up where it is not given
  bool xml_attribute = false;
  bool flattened = false;

  std::string_view on_wire() const { return wire_name.empty() ? name : wire_name; }
};

struct Shape {
  std::string_view name;
  Kind kind = Kind::structure;  // structure, list or map
  std::string_view xml_namespace;
  bool flattened = false;
  bool is_union = false;        // at most one member is set
  std::vector<Member> members;  // of a list one, of a map key and value

  const Member* find(std::string_view member) const;
  const Member* payload() const;  // the member that is the body; nullptr: none is
};

// Tokens are names of members, dotted where they stand deeper, several where they go together.
struct Pages {
  std::vector<std::string_view> input_tokens, output_tokens;
  std::vector<std::string_view> results;  // lists and maps
  std::string_view more_results;  // the output that says whether there is more; "": the token does
};

struct Operation {
  std::string_view name, method, uri;
  const Shape* input = nullptr;  // nullptr: it takes none
  const Shape* output = nullptr;
  std::string_view host_prefix;    // "{AccountId}."
  std::string_view root;           // the XML element of the input
  std::string_view xml_namespace;  // of that element
  std::string_view wrapper;        // the XML element of the output
  bool is_signed = true;
  std::optional<Pages> pages;
};

// Where a service is reached, as far as that is not ENDPOINT.REGION.SUFFIX. In host and
// signing_region "{region}" stands for the Region, in host "{suffix}" and "{dual}" for the
// partition's suffixes.
struct Whereabouts {
  std::string_view partition;  // "*": any
  std::string_view host, signing_region;
  std::vector<std::string_view> regions;  // none: all
};

// Immutable once read; refers into the text that it was read from, which must outlive it.
struct Model {
  Model() = default;
  Model(Model&&) = default;  // members of shapes point to shapes
  Model& operator=(Model&&) = default;

  std::string_view name;  // as in the AWS CLI: "codepipeline"
  std::string_view id;    // "Secrets Manager"
  Protocol protocol = Protocol::json;
  std::string_view json_version;   // "1.0" or "1.1" of Protocol::json
  std::string_view target_prefix;  // of X-Amz-Target
  std::string_view api_version;
  std::string_view endpoint_prefix;
  std::string_view signing_name;
  std::string_view xml_namespace;
  bool query_codes = false;  // it once spoke query: an answer's x-amzn-query-error has the code

  std::vector<Whereabouts> places;    // the first that fits holds
  std::vector<Operation> operations;  // by name
  std::vector<Shape> shapes;          // by name

  const Operation* find(std::string_view operation) const;
};

// Errc::internal, with the line: the text is not what `generate` writes.
Result<Model> read_model(std::string_view text);

}  // namespace ringi::aws
