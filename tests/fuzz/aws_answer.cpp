// room: server/aws
#include "server/aws/protocol_json.hpp"
#include "server/aws/protocol_query.hpp"
#include "server/net/transport.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

// Any body that may come back from an AWS endpoint, as success and as failure, in both protocols.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ringi::net::Answer answer{400, {}, std::string{reinterpret_cast<const char*>(data), size}};
  (void)ringi::aws::json_output(answer);
  (void)ringi::aws::query_output(answer, "Op");
  (void)ringi::aws::error_of(ringi::aws::json_failure(answer), "codepipeline X");
  (void)ringi::aws::error_of(ringi::aws::query_failure(answer), "sts X");
  (void)ringi::aws::query_request_id(answer);
  return 0;
}
