#include "server/slack/card_delivery.hpp"

#include "handlers/access/rules.hpp"
#include "handlers/ports/clock.hpp"
#include "handlers/ports/rules.hpp"
#include "server/observe/logger.hpp"
#include "server/slack/card_note.hpp"
#include "server/slack/card_step.hpp"
#include "server/slack/channel_guard.hpp"
#include "server/slack/methods.hpp"
#include "server/slack/pacing.hpp"
#include "server/slack/slack_error.hpp"

namespace ringi::slack {

using store::Standing;

namespace {

std::string reason_of(const Error& failure) {
  return failure.service_code.empty() ? failure.person.text : failure.service_code;
}

std::string body_of(const store::MessageRow& row, const std::string& why) {
  return why.empty() ? row.body : with_note(row.body, row.home, why);
}

}  // namespace

Task<Result<Standing>> CardDelivery::post(const Row& row) {
  if (!row.parent.empty()) {
    auto said = co_await post_line(row);
    co_return said;
  }
  const auto allowed = co_await may_post_in(parts_.directory, parts_.rules, row.home);
  Result<Standing> posted = Standing{};
  if (allowed.has_error()) {
    posted = allowed.error();
  } else {
    posted = co_await post_in(row, row.home, std::nullopt, {});
  }
  if (posted.has_value() || !has_no_place(posted.error())) co_return posted;
  auto moved = co_await post_to_operators(row, posted.error());
  co_return moved;
}

// The card may have gone to the operators; its lines follow it.
Task<Result<Standing>> CardDelivery::post_line(const Row& row) {
  const auto card = co_await parts_.messages.find(row.parent);
  if (card.has_error()) co_return card.error();
  if (!*card) co_return error(Errc::invalid, "the card of a thread line is gone");
  if ((*card)->ts.empty()) co_return error(Errc::unavailable, "the card is not posted yet");
  const auto allowed = co_await may_post_in(parts_.directory, parts_.rules, (*card)->channel);
  if (allowed.has_error()) co_return allowed.error();
  auto said = co_await post_in(row, (*card)->channel, (*card)->ts, {});
  co_return said;
}

Task<Result<Standing>> CardDelivery::post_to_operators(const Row& row, const Error& why) {
  const auto rules = parts_.rules.rules();
  const auto found = rules->channel_ids.find(rules->operators_channel);
  if (found == rules->channel_ids.end() || found->second == row.home) co_return why;
  const auto allowed = co_await may_post_in(parts_.directory, parts_.rules, found->second);
  if (allowed.has_error()) co_return allowed.error();
  parts_.log->warn("card goes to the operators key={} channel={} error=\"{}\"", row.key,
                   row.home.str(), why.log.text);
  const auto now = parts_.pace.now();
  const auto at = parts_.pacing.next_post(found->second, now);
  parts_.pacing.book_post(found->second, at, now);
  if (at > now) co_await parts_.sleep(at - now);
  auto reason = reason_of(why);
  auto posted = co_await post_in(row, found->second, std::nullopt, std::move(reason));
  co_return posted;
}

Task<Result<Standing>> CardDelivery::post_in(const Row& row, SlackChannel channel,
                                             std::optional<MessageTs> thread, std::string why) {
  auto body = body_of(row, why);
  auto posted = co_await post_message(parts_.api, channel, thread, body, no_patience);
  if (posted.has_error() && fault_of(posted.error()) == Fault::content) {
    parts_.log->error("message refused for its layout key={} error=\"{}\"", row.key,
                      posted.error().log.text);
    body = without_layout(body, posted.error().service_code);
    posted = co_await post_message(parts_.api, channel, thread, std::move(body), no_patience);
  }
  if (posted.has_error()) co_return posted.error();
  co_return Standing{posted->channel, posted->ts, std::move(why)};
}

Task<Result<Standing>> CardDelivery::update(const Row& row) {
  const auto allowed = co_await may_post_in(parts_.directory, parts_.rules, row.channel);
  if (allowed.has_error()) co_return allowed.error();
  const bool at_home = row.channel == row.home;
  auto body = body_of(row, at_home ? std::string{} : row.why);
  auto updated = co_await update_message(parts_.api, row.channel, row.ts, body, no_patience);
  if (updated.has_error() && fault_of(updated.error()) == Fault::content) {
    parts_.log->error("message refused for its layout key={} error=\"{}\"", row.key,
                      updated.error().log.text);
    body = without_layout(body, updated.error().service_code);
    updated =
        co_await update_message(parts_.api, row.channel, row.ts, std::move(body), no_patience);
  }
  if (updated.has_error()) co_return updated.error();
  co_return Standing{row.channel, row.ts, row.why};
}

Task<> CardDelivery::remove(SlackChannel channel, MessageTs ts) {
  const auto removed = co_await delete_message(parts_.api, channel, ts, no_patience);
  if (removed.has_error()) {
    parts_.log->info("an old copy stays channel={} error=\"{}\"", channel.str(),
                     removed.error().log.text);
  }
}

}  // namespace ringi::slack
