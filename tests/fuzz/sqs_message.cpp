// room: server/aws
#include "server/aws/sqs_message.hpp"

#include "server/aws/sqs_intake.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

// Any body of a message, and what is kept of one that is set aside.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string body{reinterpret_cast<const char*>(data), size};
  const auto meaning = ringi::aws::meaning_of(body);
  if (const auto* event = std::get_if<ringi::aws::QueuedEvent>(&meaning))
    if (event->id.empty() || event->notification.account.empty()) std::abort();
  if (const auto* poison = std::get_if<ringi::aws::Poison>(&meaning))
    if (ringi::aws::sentence_of(poison->reason).empty()) std::abort();
  const auto kept = ringi::aws::set_aside_in(ringi::aws::chore_of({"queue", "message", body}));
  if (!kept || kept->message != "message") std::abort();
  return 0;
}
