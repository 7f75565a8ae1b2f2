#include "server/ledger/publisher.hpp"

#include "handlers/message/english.hpp"
#include "server/observe/logger.hpp"
#include "server/observe/metrics.hpp"

#include <algorithm>
#include <utility>

namespace ringi::ledger {
namespace {

constexpr Duration between = std::chrono::minutes{5};  // contract: at most once in 5 minutes
constexpr Duration again =
    std::chrono::minutes{1};  // after a failure: four tries stay within 5 minutes
constexpr Duration look = std::chrono::seconds{10};  // how often the store is asked for news

// The note goes out byte for byte but for its last line break, which Slack's block adds to the eye.
message::Message message_of(const Checkpoints::Unpublished& checkpoint) {
  const std::string entries =
      std::to_string(checkpoint.size) + (checkpoint.size == 1 ? " entry" : " entries");
  std::string note = checkpoint.note;
  while (note.ends_with('\n')) note.pop_back();
  auto message = message::said(message::Text{"*Ledger checkpoint*: "} + message::plain(entries));
  message.blocks.push_back(message::Preformatted{std::move(note)});
  message.blocks.push_back(message::Context{{message::Text{
      "Keep it outside. Saved to a file, it shows with "
      "`ringi audit verify --checkpoint FILE` that nothing before it was changed or cut off."}}});
  return message;
}

}  // namespace

Task<> Publisher::run() {
  co_await keep_pace_of_the_last_process();
  while (true) {
    co_await publish(Pace::kept);
    co_await parts_.pause(look);
  }
}

void Publisher::follow_channels() {
  const auto channels = parts_.channels();
  std::erase_if(outlets_, [&](const auto& outlet) {
    return std::ranges::count(channels, outlet->channel) == 0;
  });
  const auto channel_of = [](const auto& outlet) { return outlet->channel; };
  for (const auto& channel : channels) {
    if (std::ranges::count(outlets_, channel, channel_of) == 0)
      outlets_.push_back(std::make_shared<Outlet>(Outlet{channel, first_}));
  }
}

Task<> Publisher::keep_pace_of_the_last_process() {
  const auto last = co_await parts_.checkpoints.published_at();
  if (last.has_error()) co_return failed("reading when a checkpoint was published", last.error());
  if (!*last) co_return;
  first_ = **last + between;
}

Task<> Publisher::publish_now() {
  co_await publish(Pace::ignored);
}

Task<> Publisher::publish(Pace pace) {
  follow_channels();
  const auto outlets = outlets_;
  const Time now = parts_.clock.now();
  // Later than the pace can ask for: the clock was set back, and nobody waits until it has caught
  // up.
  const auto due = [&](const auto& outlet) {
    return pace == Pace::ignored || outlet->next <= now || outlet->next > now + between;
  };
  // Without channels too: what nobody has is not published.
  if (std::ranges::none_of(outlets, due)) co_return;
  const auto newest = co_await parts_.checkpoints.newest_unpublished();
  if (newest.has_error()) co_return failed("reading the newest checkpoint", newest.error());
  if (!*newest) co_return;
  const Checkpoints::Unpublished& checkpoint = **newest;
  const auto has_it = [&](const auto& outlet) { return outlet->size >= checkpoint.size; };
  for (const auto& outlet : outlets) {
    if (due(outlet) && !has_it(outlet)) co_await send(*outlet, checkpoint);
  }
  if (!std::ranges::all_of(outlets, has_it)) co_return;
  const auto marked = co_await parts_.checkpoints.mark_published(checkpoint.size);
  if (marked.has_error()) failed("marking a checkpoint as published", marked.error());
}

Task<> Publisher::send(Outlet& outlet, const Checkpoints::Unpublished& checkpoint) {
  const Time now = parts_.clock.now();
  message::Message message = message_of(checkpoint);
  const auto said = co_await parts_.slack.say(outlet.channel, std::nullopt, std::move(message));
  parts_.metrics.count("ringi_ledger_checkpoints_published_total",
                       {{"result", said.has_error() ? "failed" : "ok"}});
  // What was sent and not answered may stand: a minute later would be too early.
  const bool not_there = said.has_error() && said.error().code != Errc::unknown_outcome;
  outlet.next = now + (not_there ? again : between);
  if (said.has_error()) co_return co_await tell_if_late(outlet, said.error());
  outlet.failing_since.reset();
  outlet.told = false;
  outlet.size = checkpoint.size;
  parts_.metrics.gauge("ringi_ledger_published_entries", static_cast<double>(checkpoint.size));
}

// Without a witness outside nobody could prove that the ledger's tail was cut off.
Task<> Publisher::tell_if_late(Outlet& outlet, const Error& error) {
  failed("publishing a checkpoint to " + outlet.channel.str(), error);
  const Time now = parts_.clock.now();
  if (!outlet.failing_since) outlet.failing_since = now;
  if (outlet.told || now - *outlet.failing_since < between) co_return;
  outlet.told = true;
  auto sentence =
      "The ledger's checkpoints do not reach " + message::channel(outlet.channel) + ": " +
      message::plain(error.log.text) +
      ". ringi tries on; until then nobody outside could show that an entry is missing.";
  co_await parts_.tell_operators(std::move(sentence));
}

void Publisher::failed(const std::string& what, const Error& error) {
  if (error.code == Errc::cancelled) return;
  parts_.log->warn("{} failed code={} detail={}", what, name_of(error.code), error.log.text);
}

}  // namespace ringi::ledger
