// room: server/http
#include "server/http/chunked.hpp"
#include "server/http/head.hpp"

#include <cstdint>
#include <cstdlib>

// The first bytes are a head; what follows it is read as a chunked body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringi::http;
  std::string_view bytes{reinterpret_cast<const char*>(data), size};
  const auto scan = scan_head(bytes);
  if (scan.state == HeadScan::State::complete) {
    const auto head = parse_head(bytes.substr(0, scan.size));
    if (head && head->framing.chunked && head->framing.length != 0) std::abort();
    bytes.remove_prefix(scan.size);
  }
  ChunkedBody body{1000};
  body.feed(bytes);
  if (body.take().size() > 1000) std::abort();
  return 0;
}
