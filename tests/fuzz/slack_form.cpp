// room: server/slack
#include "server/slack/form.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto form = ringi::slack::parse_form({reinterpret_cast<const char*>(data), size});
  if (!form) return 0;
  for (const auto& [name, value] : *form) {
    if (!ringi::slack::is_utf8_text(name) || !ringi::slack::is_utf8_text(value)) std::abort();
  }
  return 0;
}
