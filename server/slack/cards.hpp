#pragma once

#include "handlers/ports/cards.hpp"
#include "server/runtime/timers.hpp"
#include "server/slack/card_delivery.hpp"
#include "server/slack/card_step.hpp"

#include <map>
#include <set>

namespace ringi::runtime {
class TaskGroup;
}

namespace ringi::slack {

// Keeps messages in Slack equal to what the store wants. run() is the sender; each message is sent
// in a task of its own, so that a slow answer delays no other. Used from the I/O thread only.
class CardSender final : public ports::Cards {
 public:
  // `clock` is the system's: the rows bear its times. `tasks` also names the executor.
  CardSender(CardDelivery::Parts parts, const ports::Clock& clock, runtime::TaskGroup& tasks);

  Task<Result<void>> show(std::string key, SlackChannel channel, message::Message message,
                          Priority priority) override;
  Task<Result<void>> thread(std::string key, std::string once, message::Message message) override;
  Task<Result<std::optional<ports::Posted>>> find(std::string key, Duration patience) override;

  // Until cancelled.
  Task<> run();

  // Starts what may be sent now; how long until there may be more.
  Task<Duration> send_due();

 private:
  using Row = store::MessageRow;

  struct Trouble {
    Time not_before;
    Tally tally;
  };
  struct Unrecorded {
    std::int64_t version = 0;
    store::Standing standing;
  };

  Task<> look_whether_it_stands(std::string key);
  Time earliest(const Row& row, Time now) const;
  Time held(const Row& row) const;
  Time held_on_its_way(const Row& row) const;
  void book(const Row& row, Time now);
  Task<> send(Row row);
  Task<> record(std::string key, Unrecorded now_stands);
  Task<> settle(const Row& row, const Error& failure);
  Task<> post_anew(const Row& row, const Error& failure);
  Task<> give_up(const Row& row, const Error& failure);
  void ring_for(const std::string& key);

  CardDelivery::Parts parts_;
  const ports::Clock& clock_;
  runtime::TaskGroup& tasks_;
  CardDelivery delivery_;
  runtime::Bell work_;
  std::set<std::string> in_flight_;
  std::map<std::string, Trouble> troubles_;       // since the last success
  std::map<std::string, Unrecorded> unrecorded_;  // stands in Slack; the store does not know yet
  std::multimap<std::string, runtime::Bell*> waiting_;  // find(), by key
};

}  // namespace ringi::slack
