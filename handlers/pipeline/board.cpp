#include "handlers/pipeline/board.hpp"

namespace ringi::pipeline {

Task<Result<void>> Board::show(const access::Rules& rules, const Site& site, ExecutionRef ref,
                               message::Message card, ports::Cards::Priority priority) {
  auto channel = access::channel_of(rules, *site.account);
  // Slack was away when ringi started: the names will be looked up again.
  if (channel.empty()) co_return error(Errc::unavailable, "No channel for cards is known yet.");
  auto key = card_key(ref);
  auto shown = co_await cards_.show(std::move(key), std::move(channel), std::move(card), priority);
  co_return shown;
}

Task<Result<void>> Board::redraw(ExecutionRef ref, message::Message card) {
  auto key = card_key(ref);
  auto posted = co_await cards_.find(key, Duration{0});
  if (posted.has_error()) co_return posted.error();
  if (!posted.value()) co_return Result<void>{};
  auto shown = co_await cards_.show(std::move(key), posted.value()->channel, std::move(card),
                                    ports::Cards::Priority::approval);
  co_return shown;
}

Task<Result<void>> Board::line(ExecutionRef ref, std::string once, message::Text line) {
  auto key = card_key(ref);
  auto message = message::said(line);
  auto posted = co_await cards_.thread(std::move(key), std::move(once), std::move(message));
  co_return posted;
}

}  // namespace ringi::pipeline
