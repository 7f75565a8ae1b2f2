#include "server/aws/realms.hpp"

#include "server/aws/aws.hpp"
#include "server/aws/protocol/percent.hpp"
#include "server/aws/session_policy.hpp"
#include "tests/unit/server/aws/world.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace ringi::aws {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using test::answer;
using testing::HasSubstr;
using testing::Not;

const auto web = *AccountId::parse("222233334444");
const auto other = *AccountId::parse("555566667777");
constexpr auto list = "codepipeline:ListPipelines";
const auto taro = *SlackUser::parse("U0TARO");

struct BaseKeys : Session {
  Task<Result<Credentials>> credentials(Duration) override {
    co_return Credentials{.access_key_id = "AKIDBASE", .secret_access_key = config::Secret{"b"}};
  }
  void reject(const std::string&) override {}
};

class RealmsTest : public test::World {
 protected:
  void SetUp() override {
    transport.reply = [this](const net::Call& call) {
      if (call.url.starts_with("https://sts.")) return assumed(call);
      return answer(200, "{}");
    };
    realms.configure(
        {{"production", "arn:aws:iam::111122223333:role/ringi-production"}},
        {{web, "production", "ringi", config::Secret{"outer id"}}, {other, "", "ringi"}},
        {*Region::parse("eu-west-7")});
  }

  virtual Result<net::Answer> assumed(const net::Call&) {
    if (refuse_with) return *refuse_with;
    const auto id = "ASIA" + std::to_string(++issued);
    return answer(200, "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>" + id +
                           "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t"
                           "</SessionToken><Expiration>" +
                           rfc3339(clock.time + 1h) +
                           "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>");
  }

  Result<json> read(AccountId account = web, std::optional<SlackUser> acting = {},
                    ports::IamActions actions = {list}) {
    return run(port.call({account, region, std::move(actions), std::move(acting)},
                         {"codepipeline", "ListPipelines"}, {}));
  }

  std::vector<std::string> sts_bodies() const {
    std::vector<std::string> bodies;
    for (const auto& call : transport.calls)
      if (call.url.starts_with("https://sts.")) bodies.push_back(call.body);
    return bodies;
  }

  Region region = *Region::parse("ap-northeast-1");
  int issued = 0;
  std::optional<Result<net::Answer>> refuse_with;
  Client made = client();
  std::shared_ptr<Session> base = std::make_shared<BaseKeys>();
  Realms realms{SessionWorld{{clock, tasks, [this] { return random; }, log}, made, region}, base};
  Aws port{made, realms};
};

TEST_F(RealmsTest, GoesThroughTheRealmsBaseRoleToTheAccountsRole) {
  ASSERT_TRUE(read());
  const auto bodies = sts_bodies();
  ASSERT_EQ(bodies.size(), 2U);
  EXPECT_THAT(bodies[0],
              HasSubstr("RoleArn=arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fringi-production"));
  EXPECT_THAT(bodies[0], HasSubstr("RoleSessionName=ringi"));
  EXPECT_THAT(bodies[1], HasSubstr("RoleArn=arn%3Aaws%3Aiam%3A%3A222233334444%3Arole%2Fringi"));
  EXPECT_THAT(bodies[1], HasSubstr("ExternalId=outer%20id"));
  EXPECT_THAT(bodies[1], HasSubstr("DurationSeconds=3600"));
  for (const auto& body : bodies) EXPECT_THAT(body, Not(HasSubstr("SourceIdentity")));
  EXPECT_THAT(test::header_of(transport.calls.back(), "Authorization"),
              HasSubstr("Credential=ASIA2/"));
}

TEST_F(RealmsTest, WaitsForCredentialsNoLongerThanTheCallMayTake) {
  transport.slow_host = "sts.";
  ports::AwsCall hasty{"codepipeline", "ListPipelines"};
  hasty.deadline = 1ms;
  const auto output = run(port.call({web, region, {list}, {}}, hasty, {}));
  ASSERT_TRUE(output.has_error());
  EXPECT_EQ(output.error().code, Errc::timeout);
  const auto sent = sts_bodies().size();  // they arrive all the same, for whoever comes next
  EXPECT_TRUE(read());
  EXPECT_EQ(sts_bodies().size(), sent);
}

// An event of an allowed topic may name any region.
TEST_F(RealmsTest, CallsNoHostOfARegionThatIsInvented) {
  region = *Region::parse("us-invented-1");
  EXPECT_EQ(read().error().code, Errc::invalid);
  EXPECT_TRUE(transport.calls.empty());
  region = *Region::parse("eu-west-7");  // newer than this version, and configured
  EXPECT_TRUE(read());
}

TEST_F(RealmsTest, BearsThePersonAtTheLastHopOfAWriteOnly) {
  ASSERT_TRUE(read(web, taro));
  const auto bodies = sts_bodies();
  EXPECT_THAT(bodies.at(0), Not(HasSubstr("U0TARO")));
  EXPECT_THAT(bodies.at(1), HasSubstr("RoleSessionName=U0TARO"));
  EXPECT_THAT(bodies.at(1), HasSubstr("SourceIdentity=U0TARO"));
}

TEST_F(RealmsTest, SharesReadsAndKeepsPeopleApart) {
  ASSERT_TRUE(read());
  ASSERT_TRUE(read());
  EXPECT_EQ(sts_bodies().size(), 2U);
  ASSERT_TRUE(read(web, taro));
  ASSERT_TRUE(read(web, *SlackUser::parse("U0HANAKO")));
  EXPECT_EQ(sts_bodies().size(), 4U);
}

TEST_F(RealmsTest, LeavesASessionOfTheAccountsRoleTheNamedActionsAlone) {
  ASSERT_TRUE(read(web, {}, {"ec2:DescribeInstances", "codepipeline:ListPipelines"}));
  ASSERT_TRUE(read(web, taro));
  const auto bodies = sts_bodies();
  EXPECT_THAT(bodies.at(0), Not(HasSubstr("Policy="))) << "the base role is none of the account's";
  EXPECT_THAT(bodies.at(1),
              HasSubstr("Policy=" + percent_encode(*session_policy(
                                        {"codepipeline:ListPipelines", "ec2:DescribeInstances"}))));
  EXPECT_THAT(bodies.at(2), HasSubstr("Policy=" + percent_encode(*session_policy({list}))));
}

TEST_F(RealmsTest, KeepsSessionsOfOtherActionsApart) {
  const ports::IamActions more{list, "codepipeline:GetPipeline"};
  for (int n = 0; n < 2; ++n) {
    ASSERT_TRUE(read(web, {}, {list}));
    ASSERT_TRUE(read(web, {}, more));
    ASSERT_TRUE(read(web, taro, {list}));
    ASSERT_TRUE(read(web, taro, more));
  }
  EXPECT_EQ(sts_bodies().size(), 5U);
}

TEST_F(RealmsTest, DeniesASessionThatIsForNothingBeforeAnyCall) {
  EXPECT_EQ(read(web, {}, {}).error().code, Errc::denied);
  EXPECT_EQ(read(web, taro, {}).error().code, Errc::denied);
  EXPECT_EQ(read(web, {}, {"codepipeline:*"}).error().code, Errc::invalid);
  EXPECT_TRUE(transport.calls.empty());
}

TEST_F(RealmsTest, SaysWhyAwsTakesNoPolicyOfThatSize) {
  refuse_with = answer(400,
                       "<ErrorResponse><Error><Code>PackedPolicyTooLarge</Code><Message>Packed "
                       "policy consumes 112% of allotted space, please use smaller policy."
                       "</Message></Error></ErrorResponse>");
  const auto refused = read().error();
  EXPECT_EQ(refused.code, Errc::invalid);
  EXPECT_THAT(refused.log.text, HasSubstr("PackedPolicyTooLarge: Packed policy consumes 112%"));
  EXPECT_EQ(refused.person.text,
            "AWS takes no session policy of this size: it names too many actions.");
}

TEST_F(RealmsTest, DeniesAnAccountThatNoRealmHoldsBeforeAnyCall) {
  EXPECT_EQ(read(other).error().code, Errc::denied);
  EXPECT_EQ(read(*AccountId::parse("999999999999")).error().code, Errc::denied);
  EXPECT_TRUE(transport.calls.empty());
}

// No word of an account, a command or an event chooses the base role: the registry alone does.
TEST_F(RealmsTest, ReachesEachAccountByItsOwnRealmsBaseRoleAndByNoOther) {
  realms.configure({{"production", "arn:aws:iam::111122223333:role/base-p"},
                    {"nonproduction", "arn:aws:iam::111122223333:role/base-n"}},
                   {{web, "production", "ringi"}, {other, "nonproduction", "ringi"}}, {});
  ASSERT_TRUE(read(other));
  ASSERT_TRUE(read(web));
  const auto bodies = sts_bodies();
  ASSERT_EQ(bodies.size(), 4U);
  EXPECT_THAT(bodies[0], HasSubstr("role%2Fbase-n"));
  EXPECT_THAT(bodies[1], HasSubstr("555566667777%3Arole%2Fringi"));
  EXPECT_THAT(bodies[2], HasSubstr("role%2Fbase-p"));
  EXPECT_THAT(bodies[3], HasSubstr("222233334444%3Arole%2Fringi"));
}

TEST_F(RealmsTest, DeniesARealmTheAccountsOfAnother) {
  Realm nonproduction{SessionWorld{{clock, tasks, [this] { return random; }, log}, made, region},
                      base,
                      {"nonproduction", "arn:aws:iam::111122223333:role/base-n"},
                      {{other, "nonproduction", "ringi"}}};
  const auto crossed = nonproduction.session(web, {list}, {});
  EXPECT_EQ(crossed.error().code, Errc::denied);
  EXPECT_THAT(crossed.error().log.text, HasSubstr("is not in realm nonproduction"));
  EXPECT_TRUE(transport.calls.empty());
}

TEST_F(RealmsTest, DeniesAnAccountWithoutARoleWhateverTheBaseIs) {
  for (const auto* base : {"arn:aws:iam::111122223333:role/x", ""}) {
    realms.configure({{"production", base}}, {{web, "production", ""}}, {});
    EXPECT_EQ(read().error().code, Errc::denied);
  }
  EXPECT_TRUE(transport.calls.empty()) << "the base credentials may be those of another account";
}

TEST_F(RealmsTest, ForgetsEverySessionWhenTheTableIsReplaced) {
  ASSERT_TRUE(read());
  realms.configure({{"p", "arn:aws:iam::111122223333:role/new"}}, {{web, "p", "ringi"}}, {});
  ASSERT_TRUE(read());
  EXPECT_EQ(sts_bodies().size(), 4U);
  EXPECT_THAT(sts_bodies()[3], Not(HasSubstr("ExternalId")));
}

TEST_F(RealmsTest, AsksOnceForManyWhoWait) {
  std::vector<std::optional<Result<json>>> outputs(20);
  for (auto& output : outputs)
    start(port.call({web, region, {list}, {}}, {"codepipeline", "ListPipelines"}, {}), output);
  run_all();
  for (const auto& output : outputs) EXPECT_TRUE(output && *output);
  EXPECT_EQ(sts_bodies().size(), 2U);
}

TEST_F(RealmsTest, ServesTheOldCredentialsWhileItRefreshesBeforeTheyExpire) {
  ASSERT_TRUE(read());
  clock.time += 44min;  // 15 minutes and half of the jitter before the end: not yet
  ASSERT_TRUE(read());
  EXPECT_EQ(sts_bodies().size(), 2U);
  clock.time += 1min;
  ASSERT_TRUE(read());
  EXPECT_EQ(sts_bodies().size(), 4U);
}

TEST_F(RealmsTest, ServesTheOldCredentialsUntilAMinuteBeforeTheEndWhenRefreshingFails) {
  ASSERT_TRUE(read());
  clock.time += 50min;
  refuse_with =
      answer(403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>");
  EXPECT_TRUE(read());
  clock.time += 8min;
  EXPECT_TRUE(read());
  clock.time += 1min;
  EXPECT_EQ(read().error().code, Errc::denied);
}

TEST_F(RealmsTest, RemembersARefusalForAMinute) {
  refuse_with =
      answer(403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>");
  EXPECT_EQ(read().error().service_code, "AccessDenied");
  EXPECT_EQ(read().error().code, Errc::denied);
  EXPECT_EQ(sts_bodies().size(), 1U);
  refuse_with.reset();
  clock.time += 61s;
  EXPECT_TRUE(read());
}

TEST_F(RealmsTest, AsksAgainSoonAfterAPassingFailure) {
  refuse_with = answer(503, "");
  EXPECT_EQ(read().error().code, Errc::unavailable);
  refuse_with.reset();
  clock.time += 2s;
  EXPECT_TRUE(read());
}

TEST_F(RealmsTest, IsCertainThatNothingWasDoneWhenTheRoleWasNotAssumed) {
  refuse_with = error(Errc::unknown_outcome, "reset by peer");
  EXPECT_EQ(read(web, taro).error().code, Errc::unavailable);
}

TEST_F(RealmsTest, DoesNotTakeHalfAnAnswerForCredentials) {
  refuse_with = answer(200,
                       "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A"
                       "</AccessKeyId></Credentials></AssumeRoleResult></AssumeRoleResponse>");
  EXPECT_EQ(read().error().code, Errc::unavailable);
}

}  // namespace
}  // namespace ringi::aws
