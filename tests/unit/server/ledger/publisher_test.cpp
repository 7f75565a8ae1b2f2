#include "server/ledger/publisher.hpp"

#include "handlers/message/message.hpp"
#include "server/observe/log.hpp"
#include "server/observe/metrics.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <utility>

namespace ringi::ledger {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

const SlackChannel audit = *SlackChannel::parse("C0001");
const SlackChannel archive = *SlackChannel::parse("C0002");

struct FakeClock final : ports::Clock {
  Time time = parse_rfc3339("2026-11-22T00:00:00Z").value();
  Time now() const override { return time; }
};

struct FakeCheckpoints final : Checkpoints {
  std::int64_t newest = 0, published = 0;
  bool away = false;
  Task<Result<std::optional<Unpublished>>> newest_unpublished() override {
    if (away) co_return error(Errc::unavailable, "the store is away");
    if (newest <= published) co_return std::optional<Unpublished>{};
    co_return std::optional{
        Unpublished{newest, "log\n" + std::to_string(newest) + "\n\n\u2014 a b\n"}};
  }
  Task<Result<void>> mark_published(std::int64_t size) override {
    published = size;
    co_return Result<void>{};
  }
  std::optional<Time> last;
  Task<Result<std::optional<Time>>> published_at() override { co_return last; }
};

struct FakeSlack final : ports::Slack {
  struct Said {
    SlackChannel channel;
    message::Message message;
    Time at;
  };
  explicit FakeSlack(FakeClock& clock) : clock_(clock) {}
  std::vector<Said> said;
  std::map<SlackChannel, bool> broken;

  Task<Result<MessageTs>> say(SlackChannel channel, std::optional<MessageTs>,
                              message::Message message) override {
    if (broken[channel]) co_return error(Errc::unavailable, "no answer");
    if (const auto step = std::exchange(meanwhile, nullptr)) co_await step();
    said.push_back({channel, std::move(message), clock_.time});
    if (answers_are_lost) co_return error(Errc::unknown_outcome, "lost");
    co_return *MessageTs::parse("1763780645.000100");
  }
  bool answers_are_lost = false;
  std::function<Task<>()> meanwhile;  // happens once, while a message is on its way
  Task<Result<void>> tell(Caller, Via, message::Message) override { co_return Result<void>{}; }
  Chore answer_chore(Caller, Via, message::Message) override { return {}; }
  Task<Result<void>> replace(Via, message::Message) override { co_return Result<void>{}; }
  Task<Result<void>> remove(SlackChannel, MessageTs) override { co_return Result<void>{}; }
  Task<Result<std::string>> permalink(SlackChannel, MessageTs) override { co_return std::string{}; }
  Task<Result<void>> update_view(std::string, message::View) override { co_return Result<void>{}; }

 private:
  FakeClock& clock_;
};

class PublisherTest : public testing::Test {
 protected:
  // A pause moves the clock; the run is cancelled when `length` is over. `step` runs before each
  // pause.
  void run_for(
      Publisher& publisher, Duration length, std::function<void()> step = [] {}) {
    end_ = clock_.time + length;
    step_ = std::move(step);
    finish(publisher.run(), true);
  }
  void stop(Publisher& publisher) { finish(publisher.publish_now(), false); }

  Publisher publisher(std::vector<SlackChannel> channels) {
    channels_ = std::move(channels);
    return Publisher{{checkpoints_, slack_, clock_, metrics_, observe::make_log("off"),
                      [this](Duration duration) { return pause(duration); },
                      [this] { return channels_; },
                      [this](message::Text text) { return note(std::move(text)); }}};
  }

  FakeClock clock_;
  FakeSlack slack_{clock_};
  FakeCheckpoints checkpoints_;
  observe::Metrics metrics_;
  std::vector<SlackChannel> channels_;
  std::vector<std::string> told_;  // to the operators

 private:
  Task<> note(message::Text text) {
    told_.push_back(text.mrkdwn());
    co_return;
  }
  Task<> pause(Duration duration) {
    step_();
    clock_.time += duration;
    if (clock_.time >= end_) throw boost::system::system_error{asio::error::operation_aborted};
    co_return;
  }

  void finish(Task<> task, bool cancelled) {
    asio::io_context context;
    bool done = false;
    asio::co_spawn(context, std::move(task), [&](std::exception_ptr failure) {
      done = true;
      EXPECT_EQ(failure != nullptr, cancelled);
    });
    context.run();
    EXPECT_TRUE(done);
  }

  Time end_;
  std::function<void()> step_;
};

TEST_F(PublisherTest, publishes_the_newest_checkpoint_at_once_and_marks_it) {
  auto it = publisher({audit});
  checkpoints_.newest = 7;
  run_for(it, 4min);
  ASSERT_EQ(slack_.said.size(), 1U);
  EXPECT_EQ(slack_.said[0].channel, audit);
  EXPECT_EQ(slack_.said[0].message.text.mrkdwn(), "Ledger checkpoint: 7 entries");
  const auto& block = std::get<message::Preformatted>(slack_.said[0].message.blocks.at(1));
  EXPECT_EQ(block.text, "log\n7\n\n\u2014 a b");
  EXPECT_EQ(checkpoints_.published, 7);
  EXPECT_NE(metrics_.text().find("ringi_ledger_published_entries 7"), std::string::npos);
}

TEST_F(PublisherTest,
       speaks_at_most_once_in_5_minutes_and_never_later_than_5_minutes_after_a_commit) {
  auto it = publisher({audit});
  run_for(it, 1h, [this] { ++checkpoints_.newest; });
  ASSERT_GE(slack_.said.size(), 11U);
  for (std::size_t i = 1; i < slack_.said.size(); ++i) {
    EXPECT_EQ(slack_.said[i].at - slack_.said[i - 1].at, 5min);
  }
}

TEST_F(PublisherTest, keeps_the_pace_of_the_process_before_it) {
  checkpoints_.last = clock_.time - 1min;
  checkpoints_.newest = 7;
  auto it = publisher({audit});
  run_for(it, 3min);
  EXPECT_TRUE(slack_.said.empty());
  run_for(it, 2min);
  EXPECT_EQ(slack_.said.size(), 1U);
}

TEST_F(PublisherTest, is_silent_while_nothing_is_committed) {
  auto it = publisher({audit});
  checkpoints_.newest = checkpoints_.published = 7;
  run_for(it, 1h);
  EXPECT_TRUE(slack_.said.empty());
}

TEST_F(PublisherTest, a_channel_that_fails_is_tried_again_alone_each_minute) {
  auto it = publisher({audit, archive});
  checkpoints_.newest = 7;
  slack_.broken[archive] = true;
  run_for(it, 3min);
  EXPECT_EQ(slack_.said.size(), 1U);
  EXPECT_EQ(checkpoints_.published, 0);
  slack_.broken[archive] = false;
  run_for(it, 1min);
  ASSERT_EQ(slack_.said.size(), 2U);
  EXPECT_EQ(slack_.said[1].channel, archive);
  EXPECT_EQ(checkpoints_.published, 7);
  EXPECT_NE(metrics_.text().find("ringi_ledger_checkpoints_published_total{result=\"failed\"} 3"),
            std::string::npos);
}

TEST_F(PublisherTest, what_may_stand_is_not_said_again_before_its_time) {
  auto it = publisher({audit});
  checkpoints_.newest = 7;
  slack_.answers_are_lost = true;
  run_for(it, 11min);
  ASSERT_EQ(slack_.said.size(), 3U);
  EXPECT_GE(slack_.said[1].at - slack_.said[0].at, 5min);
}

TEST_F(PublisherTest, a_clean_stop_publishes_once_more_whenever_the_last_was) {
  auto it = publisher({audit});
  checkpoints_.newest = 7;
  run_for(it, 1min);
  checkpoints_.newest = 8;
  stop(it);
  ASSERT_EQ(slack_.said.size(), 2U);
  EXPECT_EQ(checkpoints_.published, 8);
  stop(it);
  EXPECT_EQ(slack_.said.size(), 2U);
}

TEST_F(PublisherTest, goes_on_after_the_store_was_away) {
  auto it = publisher({audit});
  checkpoints_.newest = 7;
  checkpoints_.away = true;
  run_for(it, 1min);
  EXPECT_TRUE(slack_.said.empty());
  checkpoints_.away = false;
  run_for(it, 1min);
  EXPECT_EQ(slack_.said.size(), 1U);
}

TEST_F(PublisherTest, a_channel_that_becomes_known_later_is_published_to) {
  auto it = publisher({});
  checkpoints_.newest = 7;
  run_for(it, 3min);
  EXPECT_TRUE(slack_.said.empty());
  EXPECT_EQ(checkpoints_.published, 0) << "nobody has it";
  channels_ = {audit};
  run_for(it, 1min);
  ASSERT_EQ(slack_.said.size(), 1U);
  channels_ = {archive};
  checkpoints_.newest = 8;
  run_for(it, 6min);
  ASSERT_EQ(slack_.said.size(), 2U);
  EXPECT_EQ(slack_.said[1].channel, archive);
}

TEST_F(PublisherTest, channels_may_change_while_a_stop_publishes_beside_the_run) {
  auto it = publisher({audit, archive});
  checkpoints_.newest = 7;
  slack_.meanwhile = [&] {
    channels_ = {archive};
    return it.publish_now();
  };
  run_for(it, 1min);
  ASSERT_EQ(slack_.said.size(), 2U);
  EXPECT_EQ(slack_.said[0].channel, archive);
  EXPECT_EQ(slack_.said[1].channel, audit);
  EXPECT_EQ(checkpoints_.published, 7);
}

TEST_F(PublisherTest, the_operators_hear_once_of_a_channel_that_is_late) {
  auto it = publisher({audit});
  checkpoints_.newest = 7;
  slack_.broken[audit] = true;
  run_for(it, 4min);
  EXPECT_TRUE(told_.empty());
  run_for(it, 30min);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_NE(told_[0].find(audit.str()), std::string::npos);
  slack_.broken[audit] = false;
  run_for(it, 2min);
  slack_.broken[audit] = true;
  checkpoints_.newest = 8;
  run_for(it, 20min);
  EXPECT_EQ(told_.size(), 2U);
}

TEST_F(PublisherTest, does_not_wait_for_a_clock_that_was_set_back) {
  checkpoints_.last = clock_.time + 24h;
  checkpoints_.newest = 7;
  auto it = publisher({audit});
  run_for(it, 1min);
  ASSERT_EQ(slack_.said.size(), 1U);
  checkpoints_.newest = 8;
  clock_.time -= 9h;
  run_for(it, 1min);
  EXPECT_EQ(slack_.said.size(), 2U);
}

}  // namespace
}  // namespace ringi::ledger
