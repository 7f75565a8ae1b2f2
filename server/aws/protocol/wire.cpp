#include "server/aws/protocol/wire.hpp"

#include "server/net/transport.hpp"

namespace ringi::aws {

std::string request_id_of(const net::Answer& answer) {
  for (const std::string_view name : {"x-amzn-requestid", "x-amz-request-id"})
    if (const auto id = answer.header(name); !id.empty()) return std::string{id};
  return {};
}

}  // namespace ringi::aws
