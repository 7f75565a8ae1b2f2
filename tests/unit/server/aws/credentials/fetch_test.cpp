#include "server/aws/credentials/fetch.hpp"

#include "server/aws/credentials/base_session.hpp"
#include "tests/unit/server/aws/world.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <map>

namespace ringi::aws {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using test::answer;
using testing::HasSubstr;
using testing::Not;

class FetchTest : public test::World {
 protected:
  SourceWorld world() {
    const auto sleep = [this](Duration pause) -> Task<> {
      pauses.push_back(pause);
      co_return;
    };
    return {.client = made,
            .metadata = {transport, sleep},
            .clock = clock,
            .random = [this] { return random; },
            .read_file = [this](const std::string& path) -> std::optional<std::string> {
              const auto found = files.find(path);
              return found == files.end() ? std::nullopt : std::optional{found->second};
            },
            .replace_file =
                [this](const std::string& path, const std::string& text) {
                  if (read_only) return Result<void>{error(Errc::unavailable, path + ": full")};
                  files[path] = text;
                  return Result<void>{};
                },
            .run_program = [this](runtime::Program program) { return run_it(std::move(program)); },
            .environment = environment,
            .region = *Region::parse("ap-northeast-1"),
            .log = log};
  }
  Result<Credentials> fetched(Source source) { return run(fetch(world(), std::move(source))); }
  std::string told(Source source) {
    const auto given = fetched(std::move(source));
    return given ? given->access_key_id : given.error().log.text;
  }
  Task<Result<runtime::Ended>> run_it(runtime::Program program) {
    programs.push_back(std::move(program));
    co_return ended;
  }
  std::string given(std::string_view token_name, Time expires) const {
    return json{{"AccessKeyId", "ASIA"},
                {"SecretAccessKey", "s"},
                {token_name, "t"},
                {"Expiration", rfc3339(expires)}}
        .dump();
  }
  // IMDSv2 as it behaves: no token, no answer.
  Result<net::Answer> instance(const net::Call& call) {
    if (call.method == "PUT")
      return call.url.ends_with("/latest/api/token") &&
                     !test::header_of(call, "x-aws-ec2-metadata-token-ttl-seconds").empty()
                 ? answer(200, "TOKEN" + std::to_string(++tokens))
                 : answer(400, "");
    const auto token = test::header_of(call, "x-aws-ec2-metadata-token");
    if (token != "TOKEN" + std::to_string(tokens) || token == refused_token) return answer(401, "");
    if (call.url.ends_with("security-credentials/")) return answer(200, "web-role\n");
    return answer(200, given("Token", clock.time + life));
  }

  Client made = client();
  std::map<std::string, std::string> files;
  bool read_only = false;
  std::vector<runtime::Program> programs;
  Result<runtime::Ended> ended = runtime::Ended{};
  Environment environment{{"HOME", "/h"}, {"PATH", "/bin"}};
  int tokens = 0;
  std::string refused_token;
  Duration life = 6h;
};

const ContainerEndpoint ecs{.url = "http://169.254.170.2/v2/c"};
const InstanceMetadata imds{"http://169.254.169.254"};
const CredentialProcess vault{{"aws-vault", "export"}};

TEST_F(FetchTest, SendsAContainersTokenAsItIs) {
  transport.reply = [&](const net::Call&) { return answer(200, given("Token", clock.time + 1h)); };
  auto source = ecs;
  source.token_file = "/var/token";
  files["/var/token"] = "Basic abc\n";
  source.token = config::Secret{"not this one"};
  EXPECT_EQ(told({"container", source}), "ASIA");
  EXPECT_EQ(test::header_of(transport.calls[0], "Authorization"), "Basic abc");
  EXPECT_EQ(transport.calls[0].url, "http://169.254.170.2/v2/c");
  files["/var/token"] = "second";  // read each time
  told({"container", source});
  EXPECT_EQ(test::header_of(transport.calls[1], "Authorization"), "second");
}

TEST_F(FetchTest, SendsNoContainerTokenThatCannotBeRead) {
  auto source = ecs;
  source.token_file = "/var/token";
  EXPECT_THAT(told({"container", source}), HasSubstr("/var/token cannot be read"));
  files["/var/token"] = "a\r\nHost: evil";
  EXPECT_THAT(told({"container", source}), HasSubstr("more than one line"));
  EXPECT_TRUE(transport.calls.empty());
}

TEST_F(FetchTest, AsksAContainersEndpointThreeTimes) {
  transport.reply = test::in_turn({error(Errc::timeout, "late"), answer(503, ""),
                                   answer(200, given("Token", clock.time + 1h))});
  EXPECT_EQ(told({"container", ecs}), "ASIA");
  EXPECT_EQ(pauses, (std::vector<Duration>{1s, 1s}));
}

TEST_F(FetchTest, DoesNotAskAgainWhereAContainersEndpointRefuses) {
  transport.reply = [](const net::Call&) {
    return answer(403, R"({"code":"AccessDenied","message":"not\nyours"})");
  };
  const auto given = fetched({"container", ecs});
  EXPECT_EQ(given.error().code, Errc::denied);
  EXPECT_THAT(given.error().log.text, HasSubstr("HTTP 403 AccessDenied not yours"));
  EXPECT_EQ(transport.calls.size(), 1U);
}

TEST_F(FetchTest, IsTurnedAwayForAWhileByWhatThrottles) {
  transport.reply = [](const net::Call&) { return answer(429, ""); };
  EXPECT_EQ(fetched({"container", ecs}).error().code, Errc::limited);
  transport.reply = [this](const net::Call& call) {
    return call.method == "PUT" ? instance(call) : answer(429, "");
  };
  EXPECT_EQ(fetched({"instance", imds}).error().code, Errc::limited);
}

TEST_F(FetchTest, AsksAnInstanceByVersionTwo) {
  transport.reply = [this](const net::Call& call) { return instance(call); };
  const auto given = fetched({"instance", imds});
  ASSERT_TRUE(given) << given.error().log.text;
  EXPECT_EQ(given->expires, clock.time + 6h);
  EXPECT_TRUE(transport.calls.back().url.ends_with("security-credentials/web-role"));
}

TEST_F(FetchTest, RenewsAnInstancesTokenOnce) {
  refused_token = "TOKEN1";
  transport.reply = [this](const net::Call& call) { return instance(call); };
  EXPECT_EQ(told({"instance", imds}), "ASIA");
  EXPECT_EQ(tokens, 2);
  transport.reply = [this](const net::Call& call) {
    return call.method == "PUT" ? instance(call) : answer(401, "");
  };
  EXPECT_THAT(told({"instance", imds}), HasSubstr("HTTP 401"));
}

TEST_F(FetchTest, NeverAsksAnInstanceByVersionOne) {
  for (const int status : {400, 403, 404, 405}) {
    transport.calls.clear();
    transport.reply = [&](const net::Call&) { return answer(status, ""); };
    EXPECT_THAT(told({"instance", imds}), HasSubstr("no IMDSv2 token, and version 1 is not asked"));
    EXPECT_EQ(transport.calls.size(), 1U);
  }
  transport.calls.clear();
  transport.reply = [](const net::Call&) { return error(Errc::timeout, "late"); };
  EXPECT_THAT(told({"instance", imds}), HasSubstr("hop limit"));
  for (const auto& call : transport.calls) EXPECT_EQ(call.method, "PUT");
}

TEST_F(FetchTest, IsTurnedAwayForAWhileByAnInstanceThatFailsInPassing) {
  const std::vector<std::pair<int, Errc>> cases{{429, Errc::limited}, {503, Errc::unavailable}};
  for (const auto& [status, code] : cases) {
    transport.reply = [&, status = status](const net::Call&) { return answer(status, ""); };
    const auto failed = fetched({"instance", imds});
    EXPECT_EQ(failed.error().code, code);
    EXPECT_THAT(failed.error().log.text, Not(HasSubstr("no IMDSv2 token"))) << "it may yet";
  }
}

TEST_F(FetchTest, SaysOnOneLineWhyAnInstanceHasNoCredentials) {
  std::string body = R"({"Code":"AssumeRole\nUnauthorizedAccess"})";
  transport.reply = [&](const net::Call& call) {
    return call.url.ends_with("/web-role") ? answer(200, body) : instance(call);
  };
  EXPECT_THAT(told({"instance", imds}),
              HasSubstr("role web-role: code AssumeRole UnauthorizedAccess"));
  for (const char* none :
       {R"({"Code":"Success"})", R"({"AccessKeyId":"A","SecretAccessKey":"s"})", "<html>", "[]"}) {
    body = none;
    EXPECT_THAT(told({"instance", imds}),
                HasSubstr("an answer without credentials of role web-role"));
  }
}

// AWS goes on serving the old ones where it cannot renew them.
TEST_F(FetchTest, KeepsAnInstancesExpiredCredentialsForSomeMinutes) {
  life = -1h;
  transport.reply = [this](const net::Call& call) { return instance(call); };
  EXPECT_EQ(*fetched({"instance", imds})->expires, clock.time + 11min);
}

TEST_F(FetchTest, PutsNothingOfAnInstancesAnswerIntoAPath) {
  transport.reply = [this](const net::Call& call) {
    return call.method == "PUT" ? instance(call) : answer(200, "../../user-data");
  };
  EXPECT_THAT(told({"instance", imds}), HasSubstr("attach an instance profile"));
  EXPECT_EQ(transport.calls.size(), 2U);
}

TEST_F(FetchTest, RunsAProcessWithTheEnvironmentAndAMinute) {
  ended = runtime::Ended{.output = R"({"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"s"})"};
  const auto given = fetched({"process", vault});
  EXPECT_EQ(given->access_key_id, "AKIA");
  EXPECT_FALSE(given->expires);
  EXPECT_EQ(programs[0].command, vault.command);
  EXPECT_THAT(programs[0].environment, testing::ElementsAre("HOME=/h", "PATH=/bin"));
  EXPECT_EQ(programs[0].limit, 60s);
}

TEST_F(FetchTest, SaysWhatIsWrongWithAProcess) {
  const std::vector<std::pair<runtime::Ended, const char*>> cases{
      {{.status = 3, .errors = "locked\nsecond line"}, "status 3: locked second line"},
      {{.status = 1}, "status 1: without a word"},
      {{.output = "keys"}, "no JSON object"},
      {{.output = R"({"Version":2,"AccessKeyId":"A","SecretAccessKey":"s"})"}, "not of Version 1"},
      {{.output = R"({"Version":"1","AccessKeyId":"A","SecretAccessKey":"s"})"},
       "not of Version 1"},
      {{.output = R"({"Version":1,"AccessKeyId":"A"})"}, "lacks AccessKeyId or SecretAccessKey"},
      {{.output = R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"soon"})"},
       "wrong Expiration"},
      {{.output = R"({"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","Expiration":)"
                  R"("2026-11-22T02:00:00Z"})"},
       "its credentials expired at 2026-11-22T02:00:00"}};
  for (const auto& [end, expected] : cases) {
    ended = end;
    EXPECT_THAT(told({"profile ops", vault}), HasSubstr(std::string{"profile ops: "}));
    EXPECT_THAT(told({"profile ops", vault}), HasSubstr(expected));
  }
}

std::string assumed(const std::string& operation, const std::string& id, Time expires) {
  return "<" + operation + "Response><" + operation + "Result><Credentials><AccessKeyId>" + id +
         "</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
         "<Expiration>" +
         rfc3339(expires) + "</Expiration></Credentials></" + operation + "Result></" + operation +
         "Response>";
}

TEST_F(FetchTest, AssumesARoleWithTheSourcesKeysInItsOwnRegion) {
  transport.reply = [&](const net::Call&) {
    return answer(200, assumed("AssumeRole", "ASIA", clock.time + 15min));
  };
  Credentials keys{.access_key_id = "AKIA", .secret_access_key = config::Secret{"s"}};
  ProfileRole role{.request = {.role_arn = "arn:aws:iam::1:role/x",
                               .session_name = "me",
                               .external_id = config::Secret{"outer"},
                               .duration = 15min},
                   .region = Region::parse("eu-west-3"),
                   .from = std::make_shared<Source>(Source{"keys", StaticKeys{keys}})};
  EXPECT_EQ(told({"role", role}), "ASIA");
  const auto& call = transport.calls.at(0);
  EXPECT_EQ(call.url, "https://sts.eu-west-3.amazonaws.com/");
  EXPECT_THAT(test::header_of(call, "Authorization"), HasSubstr("Credential=AKIA/"));
  EXPECT_THAT(call.body, HasSubstr("DurationSeconds=900"));
  EXPECT_THAT(call.body, HasSubstr("ExternalId=outer"));
}

TEST_F(FetchTest, SendsAWebIdentityTokenUnsigned) {
  transport.reply = [&](const net::Call&) {
    return answer(200, assumed("AssumeRoleWithWebIdentity", "ASIA", clock.time + 1h));
  };
  const WebIdentity pod{"arn:aws:iam::1:role/pod", "ringi", "/var/token", 1h};
  EXPECT_THAT(told({"web identity", pod}), HasSubstr("/var/token holds no token"));
  files["/var/token"] = "eyJ.first";
  EXPECT_EQ(told({"web identity", pod}), "ASIA");
  files["/var/token"] = "eyJ.second";
  told({"web identity", pod});
  EXPECT_THAT(transport.calls.at(0).body, HasSubstr("WebIdentityToken=eyJ.first"));
  EXPECT_THAT(transport.calls.at(1).body, HasSubstr("WebIdentityToken=eyJ.second"));
  EXPECT_EQ(test::header_of(transport.calls[0], "Authorization"), "");
}

class SsoTest : public FetchTest {
 protected:
  void SetUp() override {
    transport.reply = [this](const net::Call& call) {
      if (call.url.starts_with("https://oidc.eu-west-1.amazonaws.com/token")) return renewal;
      return access;
    };
    keep(2h);
  }
  void keep(Duration left) {
    files["/sso"] = json{{"accessToken", "OLD"},
                         {"expiresAt", rfc3339(clock.time + left)},
                         {"clientId", "c"},
                         {"clientSecret", "cs"},
                         {"refreshToken", "R1"},
                         {"registrationExpiresAt", rfc3339(clock.time + 24h)},
                         {"startUrl", "https://corp/start"}}
                        .dump();
  }
  std::string bearer() const {
    return test::header_of(transport.calls.back(), "x-amz-sso_bearer_token");
  }

  SingleSignOn corp{.token_file = "/sso",
                    .login = "aws sso login --sso-session corp",
                    .region = *Region::parse("eu-west-1"),
                    .account_id = "111122223333",
                    .role_name = "Reader",
                    .renewable = true};
  Result<net::Answer> renewal =
      answer(200, R"({"accessToken":"NEW","expiresIn":28800,"refreshToken":"R2"})");
  Result<net::Answer> access = answer(
      200, R"({"roleCredentials":{"accessKeyId":"ASIA","secretAccessKey":"s","sessionToken":"t",)"
           R"("expiration":1795401600000}})");
};

TEST_F(SsoTest, AsksForTheRoleWithTheTokenOfTheLogin) {
  const auto given = fetched({"sso", corp});
  ASSERT_TRUE(given) << given.error().log.text;
  EXPECT_EQ(*given->expires, *parse_rfc3339("2026-11-23T02:40:00Z"));
  EXPECT_EQ(transport.calls.size(), 1U);
  EXPECT_EQ(transport.calls[0].url,
            "https://portal.sso.eu-west-1.amazonaws.com/federation/"
            "credentials?role_name=Reader&account_id=111122223333");
  EXPECT_EQ(bearer(), "OLD");
  EXPECT_EQ(test::header_of(transport.calls[0], "Authorization"), "");
}

TEST_F(SsoTest, RenewsATokenThatEndsSoonAndKeepsIt) {
  keep(10min);
  EXPECT_EQ(told({"sso", corp}), "ASIA");
  EXPECT_EQ(bearer(), "NEW");
  EXPECT_EQ(json::parse(transport.calls[0].body).at("refreshToken"), "R1");
  const auto kept = json::parse(files["/sso"]);
  EXPECT_EQ(kept.at("accessToken"), "NEW");
  EXPECT_EQ(kept.at("refreshToken"), "R2");
  EXPECT_EQ(kept.at("startUrl"), "https://corp/start");
  EXPECT_EQ(kept.at("expiresAt"), "2026-11-22T11:00:00Z");
}

TEST_F(SsoTest, UsesATokenThatIsNotRenewedWhileItLasts) {
  keep(10min);
  renewal = answer(400, R"({"error":"invalid_grant"})");
  EXPECT_EQ(told({"sso", corp}), "ASIA");
  EXPECT_EQ(bearer(), "OLD");
  EXPECT_THAT(logged.str(), HasSubstr("single sign-on: the token is not renewed"));
  EXPECT_THAT(logged.str(), Not(HasSubstr("R1")));
}

TEST_F(SsoTest, UsesARenewedTokenThatCannotBeKept) {
  keep(10min);
  read_only = true;
  EXPECT_EQ(told({"sso", corp}), "ASIA");
  EXPECT_EQ(bearer(), "NEW");
  EXPECT_THAT(logged.str(), HasSubstr("token of single sign-on is not kept: /sso: full"));
  EXPECT_THAT(logged.str(), Not(HasSubstr("NEW")));
}

TEST_F(SsoTest, TakesNoHalfAnswerForATokenOrForCredentials) {
  keep(-1min);
  for (const char* half : {"{}", R"({"accessToken":"NEW"})", R"({"expiresIn":28800})",
                           R"({"accessToken":"NEW","expiresIn":"soon"})"}) {
    renewal = answer(200, half);
    EXPECT_EQ(fetched({"sso", corp}).error().code, Errc::unavailable) << half;
    EXPECT_THAT(told({"sso", corp}), HasSubstr("sso-oidc CreateToken: ")) << half;
  }
  keep(2h);
  for (const char* half :
       {"{}", R"({"roleCredentials":{"accessKeyId":"ASIA","secretAccessKey":"s"}})",
        R"({"roleCredentials":{"accessKeyId":"ASIA","expiration":1795401600000}})"}) {
    access = answer(200, half);
    EXPECT_EQ(fetched({"sso", corp}).error().code, Errc::unavailable) << half;
  }
}

TEST_F(SsoTest, AsksForAnotherLoginWhereNothingElseHelps) {
  keep(-1min);
  renewal = answer(400, R"({"error":"invalid_grant"})");
  EXPECT_THAT(told({"sso", corp}), HasSubstr("expired at 2026-11-22T02:59:00"));
  EXPECT_THAT(told({"sso", corp}), HasSubstr("run aws sso login --sso-session corp"));
  files["/sso"] = "{}";
  EXPECT_THAT(told({"sso", corp}), HasSubstr("/sso holds no token: run aws sso login"));
  keep(2h);
  access = answer(401, R"({"message":"x"})", {{"x-amzn-errortype", "UnauthorizedException"}});
  const auto given = fetched({"sso", corp});
  EXPECT_EQ(given.error().code, Errc::denied);
  EXPECT_THAT(given.error().log.text, HasSubstr("no longer takes the token: run aws sso login"));
}

TEST_F(SsoTest, DoesNotRenewATokenOfTheOlderForm) {
  corp.renewable = false;
  keep(10min);
  EXPECT_EQ(told({"sso", corp}), "ASIA");
  EXPECT_EQ(transport.calls.size(), 1U);
}

class BaseSessionTest : public FetchTest {
 protected:
  std::shared_ptr<Session> base(const std::string& profile = "") {
    return base_session({clock, tasks, [this] { return random; }, log}, world(), profile);
  }
};

TEST_F(BaseSessionTest, ReadsTheFilesAgainUntilTheyAreMended) {
  const auto session = base("ops");
  const auto failed = run(session->credentials(1s));
  EXPECT_THAT(failed.error().log.text, HasSubstr("AWS credentials: profile ops is in neither"));
  EXPECT_THAT(failed.error().person.text, HasSubstr("its log says why"));
  files["/h/.aws/credentials"] = "[ops]\naws_access_key_id = A\naws_secret_access_key = s\n";
  clock.time += 2s;
  EXPECT_EQ(run(session->credentials(1s))->access_key_id, "A");
  files["/h/.aws/credentials"] = "[ops]\naws_access_key_id = B\naws_secret_access_key = s\n";
  session->reject("A");
  EXPECT_EQ(run(session->credentials(1s))->access_key_id, "B");
}

TEST_F(BaseSessionTest, LogsOnceWhichSourceItIsAndWhyNotAnother) {
  transport.reply = [this](const net::Call& call) { return instance(call); };
  const auto session = base();
  EXPECT_TRUE(run(session->credentials(1s)));
  clock.time += 5h + 50min;
  EXPECT_TRUE(run(session->credentials(1s)));
  run_all();
  const std::string line =
      "AWS credentials: instance metadata, http://169.254.169.254 (environment: "
      "AWS_ACCESS_KEY_ID is not set;";
  EXPECT_THAT(logged.str(), HasSubstr(line));
  EXPECT_EQ(logged.str().find(line), logged.str().rfind(line));
}

TEST_F(BaseSessionTest, SaysWhatWasPassedOverWhereNoInstanceAnswers) {
  transport.reply = [](const net::Call&) { return error(Errc::unavailable, "no route"); };
  const auto failed = run(base()->credentials(1s));
  EXPECT_THAT(failed.error().log.text, HasSubstr("not an EC2 instance"));
  EXPECT_THAT(failed.error().log.text, HasSubstr("AWS_ACCESS_KEY_ID is not set"));
}

}  // namespace
}  // namespace ringi::aws
