// room: server/aws
#include "server/aws/flat_json.hpp"
#include "server/aws/sns_endpoint.hpp"
#include "server/aws/sns_signature.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

// Any body of POST /aws/sns, and any Message behind a signature that holds.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body{reinterpret_cast<const char*>(data), size};
  (void)ringi::aws::parse_flat_json(body);
  if (const auto envelope = ringi::aws::parse_sns_envelope(body)) {
    (void)ringi::aws::string_to_sign(*envelope);
    (void)ringi::aws::request_of(*envelope);
  }
  return 0;
}
