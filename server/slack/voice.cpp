#include "server/slack/voice.hpp"

#include "handlers/ports/clock.hpp"
#include "server/observe/logger.hpp"
#include "server/slack/channel_guard.hpp"
#include "server/slack/direct_messages.hpp"
#include "server/slack/late_answer.hpp"
#include "server/slack/methods.hpp"
#include "server/slack/pacing.hpp"
#include "server/slack/response_url.hpp"
#include "server/slack/slack_error.hpp"

#include <nlohmann/json.hpp>

namespace ringi::slack {
namespace {

constexpr Duration once_more = std::chrono::seconds{5};

// Old clients differ in what they take for granted, so replace_original is always sent.
std::string response_body(const std::string& message, bool replace) {
  auto body = nlohmann::json::parse(message);
  body["replace_original"] = replace;
  if (!replace) body["response_type"] = "ephemeral";
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Task<Result<void>> Voice::tell(Caller caller, Via via, message::Message message) {
  const LateAnswer answer{caller, message::json_text(message)};
  const auto told = co_await tell_somehow(std::move(caller), via, answer.message);
  if (told.has_value() || fault_of(told.error()) != Fault::transient) co_return told;
  auto chore = to_chore(parts_.ids.next(), answer, via);
  const auto kept = co_await parts_.jobs.enqueue(std::move(chore), parts_.clock.now() + once_more);
  co_return kept.has_value() ? kept : told;
}

Chore Voice::answer_chore(Caller caller, Via via, message::Message message) {
  return to_chore(parts_.ids.next(), {std::move(caller), message::json_text(message)}, via);
}

Task<Result<void>> Voice::tell_late(Chore chore) {
  auto answer = parse_late_answer(chore);
  if (!answer) co_return error(Errc::internal, "a late answer that cannot be read");
  const auto told = co_await tell_somehow(std::move(answer->caller), std::move(chore.via),
                                          std::move(answer->message));
  co_return told;
}

Task<Result<void>> Voice::tell_somehow(Caller caller, Via via, std::string message) {
  const auto here = co_await tell_in_place(caller, via, message);
  if (here.has_value()) co_return here;
  parts_.log->info("answer goes to direct messages user={} why=\"{}\"", caller.user.str(),
                   here.error().log.text);
  const auto direct = co_await tell_directly(caller, std::move(message));
  co_return direct;
}

Task<Result<void>> Voice::tell_in_place(const Caller& caller, const Via& via, std::string message) {
  if (!via.response_url.empty()) {
    auto body = response_body(message, false);
    const auto told = co_await parts_.response_urls.post(via.response_url, std::move(body));
    co_return told;
  }
  if (via.channel.empty()) co_return error(Errc::not_found, "there is no channel to answer in");
  // A person's messages with the app are private already; an ephemeral message there is lost at
  // reload.
  if (via.channel.str().starts_with('D'))
    co_return error(Errc::not_found, "asked in a direct message");
  const auto allowed = co_await may_post_in(parts_.directory, parts_.rules, via.channel);
  if (allowed.has_error()) co_return allowed;
  const auto told =
      co_await post_ephemeral(parts_.api, via.channel, caller.user, via.thread, std::move(message));
  co_return told;
}

Task<Result<void>> Voice::tell_directly(const Caller& caller, std::string message) {
  auto channel = co_await parts_.direct_messages.channel(caller.user);
  if (channel.has_error()) co_return channel.error();
  auto posted = co_await post_paced(*channel, std::nullopt, message);
  if (posted.has_error() && fault_of(posted.error()) == Fault::target) {
    channel = co_await parts_.direct_messages.open(caller.user);
    if (channel.has_error()) co_return channel.error();
    posted = co_await post_paced(*channel, std::nullopt, std::move(message));
  }
  if (posted.has_error()) co_return posted.error();
  co_return Result<void>{};
}

Task<Result<void>> Voice::replace(Via via, message::Message message) {
  if (via.response_url.empty()) co_return error(Errc::not_found, "there is no message to replace");
  auto body = response_body(message::json_text(message), true);
  const auto replaced = co_await parts_.response_urls.post(via.response_url, std::move(body));
  co_return replaced;
}

Task<Result<MessageTs>> Voice::say(SlackChannel channel, std::optional<MessageTs> thread,
                                   message::Message message) {
  const auto allowed = co_await may_post_in(parts_.directory, parts_.rules, channel);
  if (allowed.has_error()) co_return allowed.error();
  auto body = message::json_text(message);
  const auto posted = co_await post_paced(channel, thread, std::move(body));
  co_return posted;
}

Task<Result<MessageTs>> Voice::post_paced(SlackChannel channel, std::optional<MessageTs> thread,
                                          std::string body) {
  const auto now = parts_.pace.now();
  const auto at = parts_.pacing.next_post(channel, now);
  parts_.pacing.book_post(channel, at, now);
  if (at > now) co_await parts_.sleep(at - now);
  const auto posted = co_await post_message(parts_.api, channel, thread, std::move(body));
  if (posted.has_error()) co_return posted.error();
  co_return posted->ts;
}

Task<Result<void>> Voice::remove(SlackChannel channel, MessageTs ts) {
  const auto removed = co_await delete_message(parts_.api, channel, ts);
  co_return removed;
}

Task<Result<std::string>> Voice::permalink(SlackChannel channel, MessageTs ts) {
  auto link = co_await get_permalink(parts_.api, channel, ts);
  co_return link;
}

Task<Result<void>> Voice::update_view(std::string view_id, message::View view) {
  auto body = message::json_text(view);
  const auto updated = co_await slack::update_view(parts_.api, std::move(view_id), std::move(body));
  co_return updated;
}

}  // namespace ringi::slack
