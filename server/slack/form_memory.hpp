#pragma once

#include "handlers/types/id.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ringi::slack {

// What a form remembers of the click that opened it, in its private_metadata. People can read that,
// so the response_url of the click is not in it: `answer` is the key under which the store keeps
// it.
struct FormMemory {
  std::string value;
  SlackChannel channel;  // empty for a form that was opened from a home tab
  std::optional<MessageTs> message;
  std::optional<MessageTs> thread;
  OpaqueId answer;  // empty where the click had no response_url
};

std::string to_metadata(const FormMemory& memory);

// nullopt where the text is not what to_metadata() writes.
std::optional<FormMemory> parse_metadata(std::string_view text);

}  // namespace ringi::slack
