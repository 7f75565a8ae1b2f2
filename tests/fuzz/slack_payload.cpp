// room: server/slack
#include "server/slack/payload.hpp"

#include <cstdint>
#include <string>

namespace {

std::string encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "payload=";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

}  // namespace

// The same bytes as a command, as an event, and as the JSON inside an interaction's form.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ringi::slack;
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  parse_command(bytes, {});
  parse_event(bytes);
  parse_interaction(encoded(bytes));
  return 0;
}
