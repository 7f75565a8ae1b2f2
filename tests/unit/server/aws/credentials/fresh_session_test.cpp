#include "server/aws/credentials/fresh_session.hpp"

#include "tests/unit/server/aws/world.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>

#include <stdexcept>
#include <utility>

namespace ringi::aws {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

// How an assumed role is kept is tested with the realms; here, what other sources add.
class FreshSessionTest : public test::World {
 protected:
  std::string id() {
    const auto given = run(session->credentials(1s));
    return given ? given->access_key_id : "error: " + given.error().log.text;
  }
  Task<Result<Credentials>> next() {
    ++fetches;
    while (hold && hold()) co_await boost::asio::post(boost::asio::use_awaitable);
    if (thrown) std::rethrow_exception(thrown);
    if (failure) co_return *failure;
    std::optional<Time> expires;
    if (life) expires = clock.time + *life;
    co_return Credentials{.access_key_id = "A" + std::to_string(fetches), .expires = expires};
  }

  // Asks, and waits no longer than until the first turn of others.
  void ask_without_patience() {
    std::optional<Result<Credentials>> had;
    hold = [&] { return !had; };
    start(session->credentials(Duration::zero()), had);
    run_all();
    hold = nullptr;
    EXPECT_EQ(had->error().code, Errc::timeout);
  }
  int times_logged(const std::string& text) const {
    int times = 0;
    const auto all = logged.str();
    for (auto at = all.find(text); at != all.npos; at = all.find(text, at + 1)) ++times;
    return times;
  }

  int fetches = 0;
  std::function<bool()> hold;  // while true, there is no answer
  std::exception_ptr thrown;
  std::optional<Duration> life;
  std::optional<Error> failure;
  std::shared_ptr<FreshSession> session = std::make_shared<FreshSession>(
      FreshWorld{clock, tasks, [this] { return random; }, log}, "keys", [this] { return next(); });
};

TEST_F(FreshSessionTest, KeepsWhatDoesNotExpireUntilAwsRefusesIt) {
  EXPECT_EQ(id(), "A1");
  clock.time += std::chrono::hours{24 * 365};
  EXPECT_EQ(id(), "A1");
  session->reject("somebody else's");
  EXPECT_EQ(id(), "A1");
  session->reject("A1");
  EXPECT_EQ(id(), "A2");
}

TEST_F(FreshSessionTest, DoesNotHaveShortLivesAnewForMostOfThem) {
  life = 15min;
  EXPECT_EQ(id(), "A1");
  clock.time += 10min;  // a quarter, and half of the jitter, before the end: not yet
  EXPECT_EQ(id(), "A1");
  clock.time += 1min;
  id();
  EXPECT_EQ(id(), "A2");
}

TEST_F(FreshSessionTest, GivesNothingOutAfterItsEnd) {
  life = 30s;
  EXPECT_EQ(id(), "A1");
  clock.time += 40s;
  EXPECT_EQ(id(), "A2");
}

TEST_F(FreshSessionTest, AsksAgainAfterAFailureAndNotBeforeItsPause) {
  failure = error(Errc::unavailable, "no answer");
  EXPECT_EQ(id(), "error: no answer");
  EXPECT_EQ(id(), "error: no answer");
  EXPECT_EQ(fetches, 1);
  failure.reset();
  clock.time += 1s;
  EXPECT_EQ(id(), "A2");
}

TEST_F(FreshSessionTest, AsksAgainAfterAFailureWhereTheClockWasSetBack) {
  failure = error(Errc::denied, "not yours");
  EXPECT_EQ(id(), "error: not yours");
  failure.reset();
  clock.time -= 1h;
  EXPECT_EQ(id(), "A2");
}

TEST_F(FreshSessionTest, LogsAFailureThatNobodyIsToldOf) {
  life = 1h;
  id();
  failure = error(Errc::unavailable, "no answer");
  clock.time += 50min;
  EXPECT_EQ(id(), "A1");
  run_all();
  EXPECT_THAT(logged.str(), HasSubstr("keys: not refreshed, unavailable: no answer"));
}

TEST_F(FreshSessionTest, LogsAFailureThatCameAfterEveryPatience) {
  failure = error(Errc::unavailable, "no answer");
  ask_without_patience();
  EXPECT_THAT(logged.str(), HasSubstr("keys: not refreshed, unavailable: no answer"));
}

TEST_F(FreshSessionTest, LogsNoFailureThatSomebodyIsToldOf) {
  failure = error(Errc::unavailable, "no answer");
  EXPECT_EQ(id(), "error: no answer");
  EXPECT_EQ(logged.str(), "");
}

TEST_F(FreshSessionTest, LogsALastingFailureOnceUntilItIsAnother) {
  const auto fails_twice = [this](Errc code, const std::string& service_code) {
    for (const auto* request : {"1", "2"}) {
      failure = error(code, ForLog{std::string{"request "} + request}, ForPerson{""}, service_code);
      clock.time += 61s;
      ask_without_patience();
    }
  };
  fails_twice(Errc::unavailable, "");
  EXPECT_EQ(times_logged("not refreshed, unavailable: request 1"), 1);
  fails_twice(Errc::denied, "AccessDenied");
  EXPECT_EQ(times_logged("not refreshed, denied: request 1"), 1);
  fails_twice(Errc::denied, "RegionDisabledException");
  EXPECT_EQ(times_logged("not refreshed, denied: request 1"), 2);
  EXPECT_EQ(times_logged("request 2"), 0);
  failure.reset();
  clock.time += 61s;
  id();
  session->reject("A" + std::to_string(fetches));
  fails_twice(Errc::denied, "RegionDisabledException");
  EXPECT_EQ(times_logged("not refreshed, denied: request 1"), 3) << "it had succeeded meanwhile";
}

TEST_F(FreshSessionTest, AnswersWithABrokenPromiseOfItsSourceAndPauses) {
  thrown = std::make_exception_ptr(std::runtime_error{"no such thing"});
  const auto given = run(session->credentials(1s));
  EXPECT_EQ(given.error().code, Errc::internal);
  EXPECT_EQ(given.error().log.text, "keys: no such thing");
  EXPECT_THAT(given.error().person.text, Not(HasSubstr("no such thing")));
  EXPECT_EQ(id(), "error: keys: no such thing");
  EXPECT_EQ(fetches, 1);
  thrown = nullptr;
  clock.time += 1s;
  EXPECT_EQ(id(), "A2");
}

// Whoever waits is told, and whoever asks next is not made to pay for it.
TEST_F(FreshSessionTest, RemembersNoCancellation) {
  const auto aborted =
      std::make_exception_ptr(boost::system::system_error{boost::asio::error::operation_aborted});
  const auto both = std::make_exception_ptr(boost::asio::multiple_exceptions{aborted});
  for (const auto& cancellation : {aborted, both}) {
    thrown = cancellation;
    EXPECT_EQ(run(session->credentials(1s)).error().code, Errc::cancelled);
    thrown = nullptr;
    EXPECT_EQ(id(), "A" + std::to_string(fetches));
    EXPECT_EQ(logged.str(), "");
    session->reject("A" + std::to_string(fetches));
  }
  EXPECT_EQ(fetches, 4);
}

}  // namespace
}  // namespace ringi::aws
