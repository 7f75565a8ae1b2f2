#include "server/config/load.hpp"

#include "server/config/rules.hpp"
#include "tests/unit/server/config/fake_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ringi::config {
namespace {

using test::FakeFiles;
using test::smallest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* two_accounts = R"(
[realms.production]
environments = ["production"]
base_role = "arn:aws:iam::111122223333:role/ringi-production"
[realms.nonproduction]
environments = ["development", "staging"]
base_role = "arn:aws:iam::111122223333:role/ringi-nonproduction"
[[accounts]]
name = "web-prod"
id = "222233334444"
team = "web"
environment = "production"
[[accounts]]
id = "333344445555"
environment = "development"
regions = ["us-east-1", "eu-west-1"]
[teams.web]
members = "@web-developers"
approvers = "U0001"
[environments.production]
start = ["team.members"]
approve = ["team.approvers", "@release-managers", "U0002"]
[environments.staging]
start = ["members"]
cards = "failures"
mode = "observe"
approval = { four_eyes = [], comment = "always", quorum = 1 }
)";

Loaded load_text(const std::string& text) {
  FakeFiles files;
  files.texts["/etc/ringi/ringi.toml"] = text;
  return load("/etc/ringi/ringi.toml", files);
}

std::string all_of(const Loaded& loaded) {
  std::string text;
  for (const Problem& problem : loaded.problems) text += to_text(problem) + "\n";
  return text;
}

TEST(Load, TheSmallestFileGetsDefaultsThatSuitProduction) {
  const Loaded loaded = load_text(smallest);
  ASSERT_TRUE(loaded.config) << all_of(loaded);
  const Config& config = *loaded.config;
  EXPECT_EQ(config.server.listen, (Listen{"0.0.0.0", 8443}));
  EXPECT_EQ(config.server.admin_listen, (Listen{"127.0.0.1", 9090}));
  EXPECT_FALSE(config.server.health_listen);
  EXPECT_EQ(config.store_url, "sqlite:/var/lib/ringi/ringi.db");
  EXPECT_EQ(config.slack.api_url, "https://slack.com/api/");
  EXPECT_THAT(config.ledger.redact_variables, ElementsAre("*TOKEN*", "*SECRET*", "*PASSWORD*"));
  EXPECT_FALSE(config.aws.allow_stand_ins);
  EXPECT_THAT(config.accounts, IsEmpty());
}

TEST(Load, PathsAreSeenFromTheFolderOfTheFile) {
  const Loaded loaded = load_text(smallest);
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->server.certificate, "/etc/ringi/tls/fullchain.pem");
  EXPECT_EQ(loaded.config->server.private_key, "/etc/ringi/tls/privkey.pem");
}

TEST(Load, ReadsAccountsTeamsAndEnvironments) {
  const Loaded loaded = load_text(std::string{smallest} + two_accounts);
  ASSERT_TRUE(loaded.config) << all_of(loaded);
  const Config& config = *loaded.config;
  ASSERT_THAT(config.accounts, SizeIs(2));
  EXPECT_EQ(config.accounts[1].facts.name, "") << "tags may name it";
  EXPECT_THAT(config.accounts[0].facts.regions, IsEmpty());
  EXPECT_THAT(config.accounts[1].facts.regions, SizeIs(2));
  EXPECT_TRUE(config.environments.at("production").facts.production);
  EXPECT_EQ(config.environments.at("production").facts.realm, "production");
  const access::Environment& staging = config.environments.at("staging").facts;
  EXPECT_FALSE(staging.production);
  EXPECT_FALSE(staging.four_eyes_starter);
  EXPECT_EQ(staging.comment, access::Comment::always);
  EXPECT_EQ(staging.cards, access::Cards::failures);
  EXPECT_EQ(staging.mode, access::Mode::observe);
  EXPECT_TRUE(config.environments.contains("development")) << "known from its realm";
  EXPECT_THAT(config.environments.at("production").approve, SizeIs(3));
}

TEST(Load, AnOrganizationIsNotAskedUntilItIsNamed) {
  const Loaded loaded = load_text(smallest);
  ASSERT_TRUE(loaded.config) << all_of(loaded);
  const Organization& organization = loaded.config->organization;
  EXPECT_FALSE(organization.discover);
  EXPECT_EQ(organization.facts.role, "ringi");
  EXPECT_EQ(organization.refresh, std::chrono::minutes{15});
}

TEST(Load, ReadsAnOrganization) {
  const Loaded loaded = load_text(std::string{smallest} + R"(
[environments.production]
[environments.test]
[organization]
discover = true
role = "chatops"
external_id = "env:EXTERNAL_ID"
regions = ["eu-west-1"]
exclude = ["ou-abcd-suspended", "111122223333"]
tags = { team = "squad", channel = "room" }
refresh = "5m"
[organization.environments]
production = ["live"]
test = ["qa", "検証"]
)");
  ASSERT_TRUE(loaded.config) << all_of(loaded);
  const Organization& organization = loaded.config->organization;
  EXPECT_TRUE(organization.discover);
  EXPECT_EQ(organization.facts.role, "chatops");
  EXPECT_EQ(organization.external_id->text(), "env:EXTERNAL_ID");
  EXPECT_THAT(organization.exclude, ElementsAre("ou-abcd-suspended", "111122223333"));
  EXPECT_EQ(organization.facts.tags.team, "squad");
  EXPECT_EQ(organization.facts.tags.environment, "Environment") << "what is not said is as usual";
  EXPECT_EQ(organization.refresh, std::chrono::minutes{5});
  EXPECT_THAT(organization.facts.environments.at("test"), ElementsAre("qa", "検証"));
}

TEST(Load, AnOrganizationSaysWhatItsAccountsDoNot) {
  const Loaded loaded = load_text(std::string{smallest} + R"(
[organization]
role = "chatops"
[[accounts]]
id = "222233334444"
[[accounts]]
id = "333344445555"
role = "own"
)");
  ASSERT_TRUE(loaded.config) << all_of(loaded);
  const auto accounts = accounts_of(*loaded.config, {});
  EXPECT_EQ(accounts.at(0).role, "chatops");
  EXPECT_EQ(accounts.at(0).name, "222233334444") << "an account's name is its id by default";
  EXPECT_EQ(accounts.at(0).regions.at(0).str(), "ap-northeast-1");
  EXPECT_EQ(accounts.at(1).role, "own");
}

TEST(Load, AListingCountsOnlyWhereItIsAskedFor) {
  const Loaded loaded = load_text(std::string{smallest} + "[organization]\ndiscover = false\n");
  ASSERT_TRUE(loaded.config) << all_of(loaded);
  EXPECT_THAT(accounts_of(*loaded.config, {{.id = *AccountId::parse("222233334444")}}), IsEmpty());
}

TEST(Load, TheUsualSynonymsAreThoseOfTheEnvironmentsThatThereAre) {
  const Loaded loaded =
      load_text(std::string{smallest} + "[environments.prod]\n[environments.staging]\n");
  ASSERT_TRUE(loaded.config) << all_of(loaded);
  const auto& synonyms = loaded.config->organization.facts.environments;
  EXPECT_FALSE(synonyms.contains("production")) << "there is none, so \"prod\" means itself";
  EXPECT_THAT(synonyms.at("prod"), IsEmpty());
  EXPECT_THAT(synonyms.at("staging"), ElementsAre("staging", "stg"));
}

TEST(Load, ReadsQueues) {
  const Loaded loaded =
      load_text(std::string{smallest} +
                "[aws.sqs]\nqueues = [\"arn:aws:sqs:eu-west-1:111122223333:ringi-events.fifo\"]\n");
  ASSERT_TRUE(loaded.config) << all_of(loaded);
  ASSERT_THAT(loaded.config->aws.queues, SizeIs(1));
  const Queue& queue = loaded.config->aws.queues[0];
  EXPECT_EQ(queue.region.str(), "eu-west-1");
  EXPECT_EQ(queue.account.str(), "111122223333");
  EXPECT_EQ(queue.name, "ringi-events.fifo");
}

TEST(Load, AnExcludedAccountIsOutAtOnce) {
  const Loaded loaded = load_text(
      std::string{smallest} + "[organization]\ndiscover = true\nexclude = [\"222233334444\"]\n");
  ASSERT_TRUE(loaded.config) << all_of(loaded);
  EXPECT_THAT(accounts_of(*loaded.config, {{.id = *AccountId::parse("222233334444")}}), IsEmpty());
}

TEST(Load, OperatorsAndAuditorsMayBeOneRow) {
  const Loaded loaded = load_text(
      std::string{smallest} +
      "[[policy]]\nid = \"x\"\neffect = \"allow\"\nactions = [\"audit\", \"operate\"]\nwho = "
      "[\"U1\"]\n");
  EXPECT_TRUE(loaded.config) << all_of(loaded);
}

TEST(Load, WithoutRealmsTheEnvironmentNamedProductionIsProduction) {
  const Loaded loaded =
      load_text(std::string{smallest} + "[environments.production]\n[environments.prod2]\n");
  ASSERT_TRUE(loaded.config) << all_of(loaded);
  EXPECT_TRUE(loaded.config->environments.at("production").facts.production);
  EXPECT_FALSE(loaded.config->environments.at("prod2").facts.production);
}

TEST(Load, AnEmptyFileReportsEveryRequiredKeyAtOnce) {
  const Loaded loaded = load_text("");
  EXPECT_FALSE(loaded.config);
  const std::string text = all_of(loaded);
  for (const char* key :
       {"server.public_url", "server.certificate", "server.private_key", "ledger.origin",
        "ledger.key", "slack.team_id", "slack.app_id", "slack.signing_secrets", "slack.bot_token",
        "slack.operators_channel", "slack.channel", "aws.region"}) {
    EXPECT_THAT(text, HasSubstr(key));
  }
  EXPECT_THAT(loaded.problems, SizeIs(12));
}

TEST(Load, AProblemNamesFileLineKeyAndTheNearestKnownKey) {
  const Loaded loaded = load_text(std::string{smallest} + "regon = \"x\"\n");
  ASSERT_THAT(loaded.problems, SizeIs(1));
  EXPECT_EQ(to_text(loaded.problems[0]),
            "unknown key, /etc/ringi/ringi.toml:18 aws.regon, did you mean \"region\"?");
}

TEST(Load, ASyntaxErrorNamesItsLineAndQuotesNothing) {
  const Loaded loaded = load_text("[slack]\nbot_token = xoxb-secret\n");
  ASSERT_THAT(loaded.problems, SizeIs(1));
  EXPECT_EQ(loaded.problems[0].place.line, 2);
  EXPECT_THAT(to_text(loaded.problems[0]), testing::Not(HasSubstr("xoxb")));
}

TEST(Load, ASecretThatWasWrittenOutIsRefusedAndNotRepeated) {
  std::string text = smallest;
  text.replace(text.find("env:TOKEN"), 9, "xoxb-12345");
  const Loaded loaded = load_text(text);
  ASSERT_THAT(loaded.problems, SizeIs(1));
  EXPECT_EQ(loaded.problems[0].key, "slack.bot_token");
  EXPECT_THAT(to_text(loaded.problems[0]), testing::Not(HasSubstr("xoxb")));
}

TEST(Load, AFileThatIsNotThereIsOneProblem) {
  FakeFiles files;
  const Loaded loaded = load("/none.toml", files);
  EXPECT_FALSE(loaded.config);
  EXPECT_THAT(loaded.problems, SizeIs(1));
}

TEST(Load, TheHashChangesWithAnyFile) {
  FakeFiles files;
  files.texts["/c/main.toml"] = "include = [\"teams/*.toml\"]\n" + std::string{smallest};
  files.texts["/c/teams/web.toml"] = "[teams.web]\n";
  const auto first = load("/c/main.toml", files);
  ASSERT_TRUE(first.config) << all_of(first);
  files.texts["/c/teams/web.toml"] += "# a comment\n";
  const auto second = load("/c/main.toml", files);
  EXPECT_THAT(first.config->hash, testing::MatchesRegex("sha256:[0-9a-f]{64}"));
  EXPECT_NE(first.config->hash, second.config->hash);
}

class Include : public testing::Test {
 protected:
  FakeFiles files;
  void SetUp() override {
    files.texts["/c/main.toml"] = "include = [\"teams/*.toml\"]\n" + std::string{smallest};
  }
  Loaded run() { return load("/c/main.toml", files); }
};

TEST_F(Include, AddsTheTeamsOfEachFile) {
  files.texts["/c/teams/api.toml"] = "[teams.api]\nmembers = \"@api\"\n";
  files.texts["/c/teams/web.toml"] = "[teams.web]\nmembers = \"@web\"\n";
  const Loaded loaded = run();
  ASSERT_TRUE(loaded.config) << all_of(loaded);
  EXPECT_THAT(loaded.config->teams, SizeIs(2));
}

TEST_F(Include, RefusesANameThatIsDefinedTwice) {
  files.texts["/c/teams/api.toml"] = "[teams.web]\n";
  files.texts["/c/teams/web.toml"] = "\n[teams.web]\n";
  EXPECT_EQ(all_of(run()),
            "this team is defined twice, /c/teams/web.toml:2 teams.web, first in "
            "/c/teams/api.toml:1\n");
}

TEST_F(Include, RefusesAnythingButTeams) {
  files.texts["/c/teams/web.toml"] = "[slack]\nchannel = \"#x\"\n[[alerts]]\n";
  const std::string text = all_of(run());
  EXPECT_THAT(text, HasSubstr("may hold [teams.*] alone, /c/teams/web.toml:1 slack"));
  EXPECT_THAT(text, HasSubstr("alerts: not in this version"));
}

TEST_F(Include, RefusesAFileThatIsNotThere) {
  files.texts["/c/main.toml"] = "include = [\"teams/web.toml\"]\n" + std::string{smallest};
  EXPECT_THAT(all_of(run()), HasSubstr("there is no such file, /c/main.toml:1 include[0]"));
}

TEST_F(Include, AGlobThatMatchesNothingIsNoProblem) {
  EXPECT_TRUE(run().config);
}

struct BadCase {
  const char* name;
  const char* added;  // after the smallest file, whose last table is [aws]
  const char* told;
};
class Bad : public testing::TestWithParam<BadCase> {};

TEST_P(Bad, IsOneProblemThatSaysWhat) {
  const Loaded loaded = load_text(std::string{smallest} + GetParam().added);
  EXPECT_FALSE(loaded.config);
  EXPECT_THAT(all_of(loaded), HasSubstr(GetParam().told));
  EXPECT_THAT(loaded.problems, SizeIs(1)) << all_of(loaded);
}

const BadCase not_in_this_version[] = {
    {"Freeze", "[[freeze]]\nid = \"x\"\n", "freeze: not in this version"},
    {"Alerts", "[[alerts]]\nchannels = []\n", "alerts: not in this version"},
    {"Cloudtrail", "[cloudtrail]\n", "cloudtrail: not in this version"},
    {"AwsEvents", "[aws.events]\n", "events: not in this version"},
    {"TeamsOncall", "[teams.web]\noncall = \"@x\"\n", "oncall: not in this version"},
    {"TeamsAlerts", "[teams.web]\nalerts = \"#x\"\n", "alerts: not in this version"},
    {"EnvironmentStop", "[environments.a]\nstop = []\n", "stop: not in this version"},
    {"EnvironmentQuery", "[environments.a]\nquery = [\"members\"]\n", "query: not in this version"},
    {"Quorum", "[environments.a]\napproval = { quorum = 2 }\n",
     "quorum other than 1: not in this version"},
    {"RemindAfter", "[environments.a]\napproval = { remind_after = \"30m\" }\n",
     "remind_after: not in this version"},
    {"Authors", "[environments.a]\napproval = { four_eyes = [\"authors\"] }\n",
     "not in this version"},
    {"WhoOncall", "[environments.a]\nstart = [\"team.oncall\"]\n",
     "team.oncall: not in this version"},
    {"PolicyAction",
     "[[policy]]\nid = \"x\"\neffect = \"deny\"\nactions = [\"query\"]\nwho = [\"members\"]\n",
     "query: not in this version"},
    {"PolicyOperation",
     "[[policy]]\nid = \"x\"\neffect = \"deny\"\nactions = [\"read\"]\nwho = "
     "[\"members\"]\noperation = [\"ec2:*\"]\n",
     "operation: not in this version"},
};
INSTANTIATE_TEST_SUITE_P(NotInThisVersion, Bad, testing::ValuesIn(not_in_this_version),
                         [](const auto& row) { return row.param.name; });

const BadCase wrong[] = {
    {"WrongType", "profile = 1\n", "write a text"},
    {"SqsUrl", "[aws.sqs]\nqueues = [\"https://sqs.eu-west-1.amazonaws.com/111122223333/x\"]\n",
     "a queue's ARN"},
    {"SqsGlob", "[aws.sqs]\nqueues = [\"arn:aws:sqs:*:111122223333:ringi\"]\n", "a queue's ARN"},
    {"SqsOtherPartition", "[aws.sqs]\nqueues = [\"arn:aws-cn:sqs:eu-west-1:111122223333:x\"]\n",
     "a queue's ARN"},
    {"SqsNoName", "[aws.sqs]\nqueues = [\"arn:aws:sqs:eu-west-1:111122223333:\"]\n",
     "a queue's ARN"},
    {"SqsTwice",
     "[aws.sqs]\nqueues = [\"arn:aws:sqs:eu-west-1:111122223333:x\", "
     "\"arn:aws:sqs:eu-west-1:111122223333:x\"]\n",
     "this queue stands twice"},
    {"OrganizationKey", "[organization]\ndiscovery = true\n", "did you mean \"discover\"?"},
    {"OrganizationExclude", "[organization]\nexclude = [\"Suspended\"]\n",
     "an organizational unit's id"},
    {"OrganizationRefresh", "[organization]\nrefresh = \"soon\"\n", "a duration from 10s to 24h"},
    {"OrganizationRefreshTooOften", "[organization]\nrefresh = \"1s\"\n",
     "is not between 10s and 24h"},
    {"OrganizationRole", "[organization]\nrole = \"arn:aws:iam::111122223333:role/ringi\"\n",
     "a role's name, no ARN"},
    {"OrganizationTag", "[organization]\ntags = { owner = \"Owner\" }\n",
     "organization.tags.owner"},
    {"OrganizationEnvironment",
     "[environments.staging]\n[organization.environments]\nstagin = [\"stg\"]\n",
     "did you mean \"staging\"?"},
    {"OrganizationSynonymTwice",
     "[environments.a]\n[environments.b]\n[organization.environments]\na = [\"Live\"]\nb = "
     "[\"live\"]\n",
     "\"live\" means another environment too"},
    {"OrganizationSynonymOfAnothersName",
     "[environments.a]\n[environments.live]\n[organization.environments]\na = [\"Live\"]\n",
     "\"Live\" means another environment too"},
    {"UnknownTable", "[evironments.a]\n", "did you mean \"environments\"?"},
    {"AccountIdIsANumber", "[[accounts]]\nid = 222233334444\n", "accounts[0].id"},
    {"AccountIdIsShort", "[[accounts]]\nid = \"2222\"\n", "12 digits in quotes"},
    {"AccountWithoutId", "[[accounts]]\nname = \"web\"\n", "missing"},
    {"AccountTwice", "[[accounts]]\nid = \"222233334444\"\n[[accounts]]\nid = \"222233334444\"\n",
     "this account stands twice"},
    {"AccountNameTwice",
     "[[accounts]]\nid = \"222233334444\"\nname = \"a\"\n[[accounts]]\nid = \"333344445555\"\nname "
     "= \"a\"\n",
     "two accounts have this name"},
    {"AccountNameLikeAnId", "[[accounts]]\nid = \"222233334444\"\nname = \"333344445555\"\n",
     "accounts[0].name"},
    {"AccountOfNoTeam", "[teams.web]\n[[accounts]]\nid = \"222233334444\"\nteam = \"wbe\"\n",
     "did you mean \"web\"?"},
    {"AccountOfNoEnvironment",
     "[environments.staging]\n[[accounts]]\nid = \"222233334444\"\nenvironment = \"stagin\"\n",
     "did you mean \"staging\"?"},
    {"AccountRoleIsAnArn",
     "[[accounts]]\nid = \"222233334444\"\nrole = \"arn:aws:iam::1:role/x\"\n", "a role's name"},
    {"EnvironmentInNoRealm", "[realms.r]\nenvironments = [\"a\"]\n[environments.b]\n",
     "is in no realm"},
    {"EnvironmentInTwoRealms",
     "[realms.r]\nenvironments = [\"a\"]\nbase_role = \"arn:aws:iam::111122223333:role/r\"\n"
     "[realms.s]\nenvironments = [\"a\"]\nbase_role = \"arn:aws:iam::111122223333:role/s\"\n",
     "is in two realms"},
    {"BaseRoleMissing",
     "[realms.r]\nenvironments = [\"a\"]\nbase_role = \"arn:aws:iam::111122223333:role/r\"\n"
     "[realms.s]\nenvironments = [\"b\"]\n",
     "realms.s.base_role"},
    {"BaseRoleShared",
     "[realms.r]\nenvironments = [\"a\"]\nbase_role = \"arn:aws:iam::111122223333:role/r\"\n"
     "[realms.s]\nenvironments = [\"b\"]\nbase_role = \"arn:aws:iam::111122223333:role/r\"\n",
     "two realms have one base role"},
    {"Handle", "[groups]\n\"@managers\" = [\"U0001\"]\n", "not a group's handle"},
    {"GroupOfNobody", "[groups]\nmanagers = [\"hanako\"]\n", "groups.managers[0]"},
    {"PeopleToNobody", "[people]\n\"taro@example.com\" = \"@taro\"\n", "a user id"},
    {"TopicOfAnyAccount", "[aws.sns]\ntopics = [\"arn:aws:sns:*:*:ringi-*\"]\n", "never a glob"},
    {"TopicOfSomeAccounts", "[aws.sns]\ntopics = [\"arn:aws:sns:*:11112222333?:ringi-*\"]\n",
     "never a glob"},
    {"TopicOfAnotherPartition",
     "[aws.sns]\ntopics = [\"arn:aws:sns:cn-north-1:111122223333:ringi-events\"]\n",
     "its region one of its partition"},
    {"TopicOfNoPartition",
     "[aws.sns]\ntopics = [\"arn:aws-moon:sns:*:111122223333:ringi-events\"]\n",
     "its region one of its partition"},
    {"TopicOfNoRegion", "[aws.sns]\ntopics = [\"arn:aws:sns:here:111122223333:ringi-events\"]\n",
     "its region one of its partition"},
    {"CertificateElsewhere", "[aws.sns]\ncertificate_urls = [\"https://sns.example.com/\"]\n",
     "another machine"},
    {"CertificateInsideAHost", "[aws.sns]\ncertificate_urls = [\"https://127.0.0.1\"]\n",
     "a prefix with a path"},
    {"EnvironmentAudit", "[environments.a]\naudit = [\"members\"]\n", "belongs to no environment"},
    {"PolicyTwice",
     "[[policy]]\nid = \"x\"\neffect = \"deny\"\nactions = [\"read\"]\nwho = [\"members\"]\n"
     "[[policy]]\nid = \"x\"\neffect = \"deny\"\nactions = [\"read\"]\nwho = [\"members\"]\n",
     "two rows have this id"},
    {"PolicyWithoutEffect", "[[policy]]\nid = \"x\"\nactions = [\"read\"]\nwho = [\"members\"]\n",
     "policy[0].effect"},
    {"PolicyForNobody",
     "[[policy]]\nid = \"x\"\neffect = \"deny\"\nactions = [\"read\"]\nwho = []\n",
     "must not be empty"},
    {"PolicyEmptyCondition",
     "[[policy]]\nid = \"x\"\neffect = \"deny\"\nactions = [\"read\"]\nwho = [\"members\"]\nteam = "
     "[]\n",
     "must not be empty"},
    {"PolicyOfNoTeam",
     "[[policy]]\nid = \"x\"\neffect = \"deny\"\nactions = [\"read\"]\nwho = [\"members\"]\nteam = "
     "[\"web\"]\n",
     "there is no \"web\""},
    {"PolicyChannelGlob",
     "[[policy]]\nid = \"x\"\neffect = \"deny\"\nactions = [\"read\"]\nwho = "
     "[\"members\"]\nchannel = [\"#ext-*\"]\n",
     "a channel: "},
    {"PolicyAuditOfAnAccount",
     "[[policy]]\nid = \"x\"\neffect = \"allow\"\nactions = [\"audit\"]\nwho = "
     "[\"members\"]\naccount = [\"web\"]\n",
     "audit belongs to no account"},
    {"PolicyIdOfAnEnvironment",
     "[[policy]]\nid = \"environments.a.start\"\neffect = \"deny\"\nactions = [\"read\"]\nwho = "
     "[\"members\"]\n",
     "give it another id"},
};
INSTANTIATE_TEST_SUITE_P(Wrong, Bad, testing::ValuesIn(wrong),
                         [](const auto& row) { return row.param.name; });

struct ReplaceCase {
  const char* name;
  const char* from;
  const char* to;
  const char* told;
};
class Replaced : public testing::TestWithParam<ReplaceCase> {};

TEST_P(Replaced, IsOneProblemAtItsKey) {
  std::string text = smallest;
  const std::string from = GetParam().from;
  text.replace(text.find(from), from.size(), GetParam().to);
  const Loaded loaded = load_text(text);
  EXPECT_THAT(all_of(loaded), HasSubstr(GetParam().told));
  EXPECT_THAT(loaded.problems, SizeIs(1)) << all_of(loaded);
}

const ReplaceCase replaced[] = {
    {"PlainPublicUrl", "https://chatops", "http://chatops", "server.public_url"},
    {"PublicUrlWithPath", "example.com\"", "example.com/ringi\"", "server.public_url"},
    {"ListenOnAName", "[server]", "[server]\nlisten = \"localhost:8443\"", "server.listen"},
    {"ListenWithoutPort", "[server]", "[server]\nlisten = \"0.0.0.0\"", "server.listen"},
    {"ListenOnALargePort", "[server]", "[server]\nadmin_listen = \"0.0.0.0:65536\"",
     "server.admin_listen"},
    {"ProxyOnAName", "[server]", "[server]\ntrusted_proxies = [\"proxy\"]",
     "server.trusted_proxies[0]"},
    {"ProxyTooWide", "[server]", "[server]\ntrusted_proxies = [\"10.0.0.0/33\"]",
     "server.trusted_proxies[0]"},
    {"StoreOfAnotherKind", "[ledger]", "[store]\nurl = \"mysql://x\"\n[ledger]", "store.url"},
    {"StoreWithPassword", "[ledger]", "[store]\nurl = \"postgresql://a:b@c/d\"\n[ledger]",
     "PGPASSFILE"},
    {"OriginWithSpace", "chatops.example.com/ringi", "our ledger", "ledger.origin"},
    {"PublishToS3", "[ledger]", "[ledger]\npublish = [\"s3://b/\"]", "s3: not in this version"},
    {"TeamId", "T0123", "t0123", "slack.team_id"},
    {"AppId", "A0123", "X0123", "slack.app_id"},
    {"NoSigningSecret", "[\"env:SIGNING\"]", "[]", "slack.signing_secrets"},
    {"ChannelWithoutHash", "#deploys", "deploys", "slack.channel"},
    {"PlainApiElsewhere", "[slack]", "[slack]\napi_url = \"http://slack.test/\"", "slack.api_url"},
    {"Japanese", "[slack]", "[slack]\nlanguage = \"ja\"", "\"ja\": not in this version"},
    {"CommandWithoutSlash", "[slack]", "[slack]\ncommands = { deploy = \"deploy\" }",
     "slack.commands.deploy"},
    {"TwoCommandsOfOneName", "[slack]", "[slack]\ncommands = { deploy = \"/aws\" }",
     "slack.commands"},
    {"ExternalChannelName", "[slack]", "[slack]\nexternal_channels = [\"#x\"]",
     "slack.external_channels[0]"},
    {"Region", "ap-northeast-1", "tokyo", "aws.region"},
};
INSTANTIATE_TEST_SUITE_P(All, Replaced, testing::ValuesIn(replaced),
                         [](const auto& row) { return row.param.name; });

TEST(Load, TakesAStandInOnThisMachine) {
  std::string text = smallest;
  text.replace(text.find("[slack]"), 7, "[slack]\napi_url = \"http://127.0.0.1:8080/api\"");
  text +=
      "allow_stand_ins = true\n[aws.sns]\ncertificate_urls = "
      "[\"https://sns.stand-in.test/cert/\"]\n";
  const Loaded loaded = load_text(text);
  ASSERT_TRUE(loaded.config) << all_of(loaded);
  EXPECT_EQ(loaded.config->slack.api_url, "http://127.0.0.1:8080/api/");
}

}  // namespace
}  // namespace ringi::config
