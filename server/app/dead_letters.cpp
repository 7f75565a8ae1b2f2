#include "server/app/dead_letters.hpp"

#include "server/store/request_json.hpp"

namespace ringi::app {
namespace {

constexpr Duration between = std::chrono::minutes{10};

message::Text sentence_of(const std::string& kind, const Delivery& delivery, const Error& why,
                          int silent) {
  using message::plain;
  auto text = "Given up: " + plain(kind) + ", job " + message::code(delivery.id.str()) + ": " +
              plain(why.log.text, 1500) + ".";
  if (silent > 0) text += " " + plain(std::to_string(silent)) + " more of its kind before it.";
  return text + " `ringi jobs list` shows what was given up, `ringi jobs retry` tries it again.";
}

}  // namespace

void DeadLetters::add(const Delivery& delivery, const Error& why) {
  const auto kind = store::kind_of(delivery.request);
  const auto now = world_.steady.now();
  const auto [known, first] = kinds_.try_emplace(kind, Told{now});
  if (!first && now - known->second.at < between) {
    ++known->second.silent;
    return;
  }
  auto sentence = sentence_of(kind, delivery, why, known->second.silent);
  known->second = Told{now};
  world_.tasks.spawn("tell of a dead letter", tell_operators(world_, slack_, std::move(sentence)));
}

}  // namespace ringi::app
