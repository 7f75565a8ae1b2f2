// room: server/aws
#include "server/aws/models/models.hpp"
#include "server/aws/protocol/protocol.hpp"
#include "server/net/transport.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

// Any body and header that may come back from an AWS endpoint, as success and as failure, in every
// protocol.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringi::aws;
  static Models models;
  static constexpr std::array<std::pair<const char*, const char*>, 6> calls{
      {{"codepipeline", "GetPipelineState"},
       {"sts", "AssumeRole"},
       {"ec2", "DescribeInstances"},
       {"guardduty", "GetFindings"},
       {"s3", "ListObjectsV2"},
       {"lambda", "GetFunction"}}};
  const std::string text{reinterpret_cast<const char*>(data), size};
  const ringi::net::Answer answer{400, {{"x-amz-meta-a", text}, {"etag", text}}, text};
  for (const auto& [service, operation] : calls) {
    const auto& model = *models.find(service);
    (void)from_wire(model, *model.find(operation), answer);
    (void)error_of(failure_in(model, answer), "x");
    (void)request_id_in(model, answer);
  }
  return 0;
}
