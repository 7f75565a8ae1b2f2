#include "server/aws/credentials/fresh_session.hpp"

#include "tests/unit/server/aws/world.hpp"

#include <gmock/gmock.h>

#include <utility>

namespace ringi::aws {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// How an assumed role is kept is tested with the realms; here, what other sources add.
class FreshSessionTest : public test::World {
 protected:
  std::string id() {
    const auto given = run(session->credentials(1s));
    return given ? given->access_key_id : "error: " + given.error().log.text;
  }
  Task<Result<Credentials>> next() {
    ++fetches;
    if (failure) co_return *failure;
    std::optional<Time> expires;
    if (life) expires = clock.time + *life;
    co_return Credentials{.access_key_id = "A" + std::to_string(fetches), .expires = expires};
  }

  int fetches = 0;
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

TEST_F(FreshSessionTest, LogsAFailureThatNobodyIsToldOf) {
  life = 1h;
  id();
  failure = error(Errc::unavailable, "no answer");
  clock.time += 50min;
  EXPECT_EQ(id(), "A1");
  run_all();
  EXPECT_THAT(logged.str(), HasSubstr("keys: not refreshed, unavailable: no answer"));
}

}  // namespace
}  // namespace ringi::aws
