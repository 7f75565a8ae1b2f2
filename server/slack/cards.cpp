#include "server/slack/cards.hpp"

#include "handlers/access/rules.hpp"
#include "handlers/ports/clock.hpp"
#include "handlers/ports/rules.hpp"
#include "server/observe/logger.hpp"
#include "server/runtime/tasks.hpp"
#include "server/slack/pacing.hpp"
#include "server/slack/slack_error.hpp"

#include <algorithm>

namespace ringi::slack {

using namespace std::chrono_literals;

namespace {

constexpr int most_rows = 200;           // looked at in one go
constexpr std::size_t most_sends = 8;    // at once
constexpr Duration longest_pause = 15s;  // between two looks, where nobody rings
constexpr Duration look_every = 10min;   // whether the card of an approval still stands
constexpr Duration shortest_pause = 2s;  // after a failure of any kind

const SlackChannel& goes_to(const store::MessageRow& row) {
  return row.parent.empty() ? row.home : row.channel;
}

}  // namespace

CardSender::CardSender(CardDelivery::Parts parts, const ports::Clock& clock,
                       runtime::TaskGroup& tasks)
    : parts_(std::move(parts)),
      clock_(clock),
      tasks_(tasks),
      delivery_(parts_),
      work_(tasks_.executor()) {}

Task<Result<void>> CardSender::show(std::string key, SlackChannel channel, message::Message message,
                                    Priority priority) {
  auto body = message::json_text(message);
  const auto wanted =
      co_await parts_.messages.want(key, channel, {}, static_cast<int>(priority), std::move(body));
  if (wanted.has_error()) co_return wanted;
  if (priority == Priority::approval) co_await look_whether_it_stands(std::move(key));
  work_.ring();
  co_return wanted;
}

// A card that waits changes seldom, and Slack does not say when somebody deletes it or archives its
// channel: an update shows it.
Task<> CardSender::look_whether_it_stands(std::string key) {
  if (!parts_.pacing.has_room_for_looks(parts_.pace.now())) co_return;
  auto row = co_await parts_.messages.find(std::move(key));
  if (row.has_error() || !*row || (*row)->ts.empty()) co_return;
  if ((*row)->shown < (*row)->wanted || (*row)->changed + look_every > clock_.now()) co_return;
  co_await parts_.messages.repeat(*std::move(*row));
}

Task<Result<void>> CardSender::thread(std::string key, std::string once, message::Message message) {
  const auto parent = co_await parts_.messages.find(key);
  if (parent.has_error()) co_return parent.error();
  if (!*parent) co_return error(Errc::not_found, "there is no card " + key);
  auto line = key + "/" + once;
  const auto there = co_await parts_.messages.find(line);
  if (there.has_error()) co_return there.error();
  if (*there) co_return Result<void>{};
  auto body = message::json_text(message);
  const auto wanted = co_await parts_.messages.want(
      std::move(line), (*parent)->channel, std::move(key), (*parent)->priority, std::move(body));
  if (wanted.has_value()) work_.ring();
  co_return wanted;
}

Task<Result<std::optional<ports::Posted>>> CardSender::find(std::string key, Duration patience) {
  runtime::Bell posted{tasks_.executor()};
  const auto forget = [this](auto* place) { waiting_.erase(*place); };
  auto place = waiting_.emplace(key, &posted);
  const std::unique_ptr<decltype(place), decltype(forget)> registered{&place, forget};
  for (const bool last : {false, true}) {
    const auto row = co_await parts_.messages.find(key);
    if (row.has_error()) co_return row.error();
    if (*row && !(*row)->ts.empty()) co_return ports::Posted{(*row)->channel, (*row)->ts};
    if (last || patience <= 0s) break;
    co_await posted.wait(patience);
  }
  co_return std::optional<ports::Posted>{};
}

void CardSender::ring_for(const std::string& key) {
  const auto [first, last] = waiting_.equal_range(key);
  for (auto it = first; it != last; ++it) it->second->ring();
}

Task<> CardSender::run() {
  while (true) {
    const auto pause = co_await send_due();
    co_await work_.wait(pause);
  }
}

Task<Duration> CardSender::send_due() {
  const auto sent_meanwhile = in_flight_;  // their rows may be read before and come back after
  const auto due = co_await parts_.messages.due(most_rows + static_cast<int>(troubles_.size()));
  if (due.has_error()) {
    parts_.log->warn("cards wait error=\"{}\"", due.error().log.text);
    co_return longest_pause;
  }
  const auto now = parts_.pace.now();
  auto next = now + longest_pause;
  for (const auto& row : *due) {
    if (in_flight_.size() >= most_sends) break;  // each that ends rings the bell
    if (in_flight_.contains(row.key) || sent_meanwhile.contains(row.key)) continue;
    const auto at = earliest(row, now);
    if (at > now) {
      next = std::min(next, at);
      continue;
    }
    book(row, now);  // here, so that the next row of this pass sees it
    in_flight_.insert(row.key);
    tasks_.spawn("send card", send(row));
  }
  co_return next - now;
}

Time CardSender::earliest(const Row& row, Time now) const {
  const auto paced = row.ts.empty() ? parts_.pacing.next_post(goes_to(row), now)
                                    : parts_.pacing.next_update(row.key, now);
  const auto trouble = troubles_.find(row.key);
  const auto troubled = trouble == troubles_.end() ? Time{} : trouble->second.not_before;
  return std::max({paced, held(row), troubled});
}

Time CardSender::held(const Row& row) const {
  if (!row.ts.empty()) return parts_.api.held_until(Method::chat_update);
  return parts_.api.held_until(Method::chat_post_message, goes_to(row).str());
}

// What held() does not see: the question whether the channel is shared and, for what is to be
// posted, the operators' channel: it may go there, or its card has.
Time CardSender::held_on_its_way(const Row& row) const {
  const auto question = parts_.api.held_until(Method::conversations_info);
  if (!row.ts.empty()) return question;
  const auto rules = parts_.rules.rules();
  const auto operators = rules->channel_ids.find(rules->operators_channel);
  if (operators == rules->channel_ids.end()) return question;
  return std::max(question,
                  parts_.api.held_until(Method::chat_post_message, operators->second.str()));
}

void CardSender::book(const Row& row, Time now) {
  if (!row.ts.empty()) return parts_.pacing.book_update(row.key, now);
  parts_.pacing.book_post(goes_to(row), now, now);
}

Task<> CardSender::send(Row row) {
  const auto end = [this](const Row* sent) {
    in_flight_.erase(sent->key);
    work_.ring();
  };
  const std::unique_ptr<const Row, decltype(end)> ending{&row, end};  // on cancellation too
  const auto known = unrecorded_.find(row.key);
  if (known != unrecorded_.end()) {
    co_await record(row.key, known->second);
    co_return;
  }
  const auto sent = row.ts.empty() ? co_await delivery_.post(row) : co_await delivery_.update(row);
  if (sent.has_error()) {
    co_await settle(row, sent.error());
  } else {
    co_await record(row.key, {row.wanted, *sent});
  }
}

// Until the store knows it, nothing more of the message is sent: it would be posted again.
Task<> CardSender::record(std::string key, Unrecorded now_stands) {
  unrecorded_[key] = now_stands;
  const auto kept =
      co_await parts_.messages.shown(key, now_stands.version, std::move(now_stands.standing));
  if (kept.has_error()) {
    parts_.log->error("a sent message is not recorded key={} error=\"{}\"", key,
                      kept.error().log.text);
    troubles_[key].not_before = parts_.pace.now() + shortest_pause;
    co_return;
  }
  unrecorded_.erase(key);
  troubles_.erase(key);
  ring_for(key);
}

Task<> CardSender::settle(const Row& row, const Error& failure) {
  if (failure.code == Errc::cancelled) co_return;
  auto& trouble = troubles_[row.key];
  const auto now = parts_.pace.now();
  const auto soon = now + shortest_pause;
  // Not by its code: a question that was limited comes back as one that cannot be asked.
  if (parse_slack_error(failure.service_code) == SlackError::ratelimited) {
    trouble.not_before = held(row) > now ? soon : std::max(soon, held_on_its_way(row));
    co_return;
  }
  const Tally before{std::max(row.failures, trouble.tally.failures),
                     std::max(row.unanswered, trouble.tally.unanswered)};
  trouble.tally = counted(before, failure);
  const auto step = step_after(row, failure, trouble.tally);
  // Before anything is written: where that fails, the next try must wait all the same.
  trouble.not_before = std::max(soon, now + step.pause);
  if (step.what == Step::What::post_anew) {
    co_await post_anew(row, failure);
  } else if (step.what == Step::What::give_up) {
    co_await give_up(row, failure);
  } else {
    const auto tally = trouble.tally;
    parts_.log->warn("card waits key={} failures={} error=\"{}\"", row.key, tally.failures,
                     failure.log.text);
    co_await parts_.messages.failed(row.key, tally.failures, tally.unanswered);
  }
}

// A line in a thread cannot be said there because its card no longer stands: the card first.
Task<> CardSender::post_anew(const Row& row, const Error& failure) {
  parts_.log->warn("card is posted anew key={} error=\"{}\"", row.key, failure.log.text);
  auto card = row;
  if (!row.parent.empty()) {
    const auto parent = co_await parts_.messages.find(row.parent);
    if (parent.has_error() || !*parent || (*parent)->ts.empty()) co_return;
    card = **parent;
    troubles_[row.key].tally = tally_of_moved;
    co_await parts_.messages.failed(row.key, tally_of_moved.failures, tally_of_moved.unanswered);
  }
  const auto lost = co_await parts_.messages.lost(card.key, card.ts);
  if (lost.has_error()) co_return;
  troubles_.erase(card.key);
  const bool may_stand = parse_slack_error(failure.service_code) != SlackError::message_not_found;
  if (may_stand) co_await delivery_.remove(card.channel, card.ts);
}

Task<> CardSender::give_up(const Row& row, const Error& failure) {
  parts_.log->error("card given up key={} error=\"{}\"", row.key, failure.log.text);
  const auto written = co_await parts_.messages.given_up(row.key, row.wanted, failure.log.text);
  if (written.has_value()) troubles_.erase(row.key);
}

}  // namespace ringi::slack
