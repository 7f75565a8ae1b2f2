#pragma once

#include "handlers/types/id.hpp"

#include <string>

namespace ringi::slack {

// The message (JSON text) with a first line for the operators: where it should stand and why it
// does not.
std::string with_note(const std::string& body, const SlackChannel& home, const std::string& why);

// What is left of a message (JSON text) whose layout Slack refused: its one line of text.
std::string without_layout(const std::string& body, const std::string& service_code);

}  // namespace ringi::slack
