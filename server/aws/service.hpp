#pragma once

#include <string_view>

namespace ringi::aws {

// What the client must know of a service to reach it, from its model in botocore.
struct Service {
  enum class Protocol { json, query };
  std::string_view name;  // as in AwsCall: "codepipeline"
  std::string_view endpoint_prefix;
  std::string_view signing_name;
  std::string_view service_id;  // as in AWS_ENDPOINT_URL_<SERVICE>
  Protocol protocol;
  std::string_view json_version;   // "1.0" or "1.1"; "" for query
  std::string_view target_prefix;  // of X-Amz-Target; "" for query
  std::string_view api_version;    // Version= of query
};

// nullptr: not a service that this version knows.
const Service* find_service(std::string_view name);

// Whether any of them bears that service_id.
bool has_service_id(std::string_view id);

}  // namespace ringi::aws
