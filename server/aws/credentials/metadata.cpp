#include "server/aws/credentials/metadata.hpp"

#include "handlers/message/unicode.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace ringi::aws {
namespace {

constexpr int tries = 3;
constexpr std::size_t longest_word = 200;  // of what somebody else says, in a log

bool is_passing(const Result<net::Answer>& answer) {
  return answer.has_error() || answer->status == 429 || answer->status >= 500;
}

}  // namespace

Task<Result<net::Answer>> ask_metadata(const MetadataWorld& world, net::Call call, Duration pause) {
  call.max_response = 64 << 10;
  for (int tried = 1;; ++tried) {
    auto answer = co_await world.transport.send(call);
    if (!is_passing(answer) || tried == tries) co_return answer;
    co_await world.sleep(pause);
  }
}

Errc errc_of(const net::Answer& answer) {
  if (answer.status == 429) return Errc::limited;
  return answer.status >= 400 && answer.status < 500 ? Errc::denied : Errc::unavailable;
}

std::string refusal_in(const net::Answer& answer) {
  std::string text = "HTTP " + std::to_string(answer.status);
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  if (!body.is_object()) return text;
  for (const char* key : {"code", "message"})
    if (const auto found = body.find(key); found != body.end() && found->is_string())
      text += " " + message::one_line(found->get<std::string>(), longest_word);
  return text;
}

}  // namespace ringi::aws
