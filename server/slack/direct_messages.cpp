#include "server/slack/direct_messages.hpp"

#include "server/slack/methods.hpp"
#include "server/store/copies.hpp"

namespace ringi::slack {
namespace {

constexpr const char* kind = "direct-message";

}  // namespace

Task<Result<SlackChannel>> DirectMessages::channel(SlackUser user) {
  const auto kept = co_await copies_.get(kind, user.str());
  if (kept.has_value() && kept->has_value()) {
    if (const auto channel = SlackChannel::parse((*kept)->value)) co_return *channel;
  }
  auto opened = co_await open(std::move(user));
  co_return opened;
}

Task<Result<SlackChannel>> DirectMessages::open(SlackUser user) {
  auto opened = co_await open_direct_message(api_, user);
  // A copy that cannot be kept costs one more question.
  if (opened.has_value()) co_await copies_.put(kind, user.str(), opened->str());
  co_return opened;
}

}  // namespace ringi::slack
