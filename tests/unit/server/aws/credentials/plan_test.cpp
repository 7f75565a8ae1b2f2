#include "server/aws/credentials/plan.hpp"

#include "server/aws/credentials/profile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace ringi::aws {
namespace {

using testing::HasSubstr;

constexpr const char* config_file = "/home/ringi/.aws/config";
constexpr const char* credentials_file = "/home/ringi/.aws/credentials";

// A file system of AWS's two files.
struct Files {
  std::map<std::string, std::string> texts;
  ReadFile reader() const {
    return [this](const std::string& path) -> std::optional<std::string> {
      const auto found = texts.find(path);
      return found == texts.end() ? std::nullopt : std::optional{found->second};
    };
  }
};

struct Case {
  const char* name;
  Environment environment;
  std::string config;
  std::string credentials;
  std::string profile;
  std::string expected;  // in the winner's name, or in the error
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

Result<Plan> plan(const Case& one) {
  Files files;
  if (!one.config.empty()) files.texts[config_file] = one.config;
  if (!one.credentials.empty()) files.texts[credentials_file] = one.credentials;
  auto environment = one.environment;
  environment.emplace("HOME", "/home/ringi");
  return plan_credentials(environment, one.profile, files.reader());
}

const Environment keys{{"AWS_ACCESS_KEY_ID", "ENV"}, {"AWS_SECRET_ACCESS_KEY", "e"}};
const Environment pod{{"AWS_ROLE_ARN", "arn:aws:iam::1:role/pod"},
                      {"AWS_WEB_IDENTITY_TOKEN_FILE", "/var/token"}};
const std::string file_keys = "aws_access_key_id = FILE\naws_secret_access_key = f\n";
const std::string role = "role_arn = arn:aws:iam::1:role/x\n";
const std::string sso = "sso_account_id = 111122223333\nsso_role_name = Reader\n";
const std::string corp =
    "[sso-session corp]\nsso_start_url = https://corp/start\nsso_region = eu-west-1\n";
const std::string half = "aws_access_key_id = HALF\n";

Environment with(Environment environment, Environment more) {
  environment.merge(more);
  return environment;
}

class Winner : public testing::TestWithParam<Case> {};

TEST_P(Winner, IsTheFirstThatIsSetUp) {
  const auto made = plan(GetParam());
  ASSERT_TRUE(made) << made.error().log.text;
  EXPECT_THAT(made->source.name, HasSubstr(GetParam().expected));
}

const std::vector<Case> winners{
    {"EnvironmentFirst", keys, "[default]\n" + role, "[default]\n" + file_keys, "", "environment"},
    {"ConfiguredProfileBeforeEnvironment", keys, "", "[ops]\n" + file_keys, "ops", "profile ops"},
    {"ProfileOfTheEnvironmentAfterItsKeys", with(keys, {{"AWS_PROFILE", "ops"}}), "", "", "",
     "environment"},
    {"ProfileOfTheEnvironment",
     {{"AWS_PROFILE", "ops"}, {"AWS_DEFAULT_PROFILE", "x"}},
     "",
     "[ops]\n" + file_keys,
     "",
     "profile ops, keys in /home/ringi/.aws/credentials"},
    {"OlderNameOfTheProfile",
     {{"AWS_DEFAULT_PROFILE", "ops"}},
     "[profile ops]\n" + file_keys,
     "",
     "",
     "profile ops, keys in /home/ringi/.aws/config"},
    {"RoleBeforeKeysOfTheSameProfile",
     {},
     "[default]\n" + role + "source_profile = default\n",
     "[default]\n" + file_keys,
     "",
     "profile default, role arn:aws:iam::1:role/x by profile default, keys in"},
    {"RoleByRoleByKeys",
     {},
     "[profile a]\n" + role +
         "source_profile = b\n[profile b]\nrole_arn = arn:aws:iam::1:role/b\n"
         "source_profile = c\n",
     "[c]\n" + file_keys,
     "a",
     "role arn:aws:iam::1:role/x by profile b, role arn:aws:iam::1:role/b by profile c, keys"},
    {"SourceProfilesKeysBeforeItsRole",
     {},
     "[profile a]\n" + role +
         "source_profile = b\n[profile b]\nrole_arn = arn:aws:iam::1:role/b\n"
         "source_profile = b\n",
     "[b]\n" + file_keys,
     "a",
     "by profile b, keys in"},
    {"RoleByTheEnvironment", keys, "[profile a]\n" + role + "credential_source = Environment\n", "",
     "a", "by environment"},
    {"RoleByTheInstance",
     {},
     "[profile a]\n" + role + "credential_source = Ec2InstanceMetadata\n",
     "",
     "a",
     "by instance metadata, http://169.254.169.254"},
    {"RoleByTheContainer",
     {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/c"}},
     "[profile a]\n" + role + "credential_source = EcsContainer\n",
     "",
     "a",
     "by container, http://169.254.170.2"},
    {"RoleBySingleSignOn",
     {},
     "[profile a]\n" + role + "source_profile = b\n[profile b]\nsso_session = corp\n" + sso + corp,
     "",
     "a",
     "by profile b, single sign-on as Reader"},
    {"WebIdentityOfThePod", pod, "", "[default]\n" + file_keys, "",
     "web identity, role arn:aws:iam::1:role/pod by /var/token"},
    {"WebIdentityOfTheProfile",
     {},
     "[default]\n" + role + "web_identity_token_file = /t\n",
     "",
     "",
     "web identity, role arn:aws:iam::1:role/x by /t"},
    {"NoWebIdentityOfThePodForAConfiguredProfile", pod, "[profile ops]\n" + file_keys, "", "ops",
     "profile ops, keys"},
    {"SingleSignOnBeforeKeys",
     {},
     "[default]\nsso_session = corp\n" + sso + corp,
     "[default]\n" + file_keys,
     "",
     "single sign-on as Reader in 111122223333"},
    {"OlderSingleSignOn",
     {},
     "[default]\nsso_start_url = https://corp/start\nsso_region = eu-west-1\n" + sso,
     "",
     "",
     "single sign-on"},
    {"CredentialsFileBeforeProcess",
     {},
     "[default]\ncredential_process = /bin/p\n",
     "[default]\n" + file_keys,
     "",
     "keys in /home/ringi/.aws/credentials"},
    {"ProcessBeforeTheConfigFilesKeys",
     {},
     "[default]\ncredential_process = /bin/p --x 'a b'\n" + file_keys,
     "",
     "",
     "credential_process /bin/p"},
    {"ContainerAfterProfiles",
     {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1"}},
     "",
     "",
     "",
     "container, http://169.254.170.23"},
    {"RelativeUriBeforeFullUri",
     {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://x"},
      {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2"}},
     "",
     "",
     "",
     "container, http://169.254.170.2"},
    {"HttpsContainerOfAnyHost",
     {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "https://vault:8200/x"}},
     "",
     "",
     "",
     "container, https://vault:8200"},
    {"InstanceLast", {}, "", "", "", "instance metadata, http://169.254.169.254"},
    {"InstanceAfterAProfileThatOnlyNamesARegion",
     {},
     "[profile ops]\nregion = eu-west-1\n",
     "",
     "ops",
     "instance metadata"},
    {"InstanceByIpv6",
     {{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"}},
     "",
     "",
     "",
     "http://[fd00:ec2::254]"},
    {"InstanceElsewhereOnThisMachine",
     {{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1338/"}},
     "",
     "",
     "",
     "instance metadata, http://127.0.0.1:1338"},
};
INSTANTIATE_TEST_SUITE_P(Sources, Winner, testing::ValuesIn(winners),
                         [](const auto& info) { return std::string{info.param.name}; });

class Wrong : public testing::TestWithParam<Case> {};

// Nothing falls through to other credentials, and no word of a key is told.
TEST_P(Wrong, IsAnErrorThatNamesThePlace) {
  const auto made = plan(GetParam());
  ASSERT_TRUE(made.has_error()) << made->source.name;
  EXPECT_EQ(made.error().code, Errc::invalid);
  EXPECT_THAT(made.error().log.text, HasSubstr(GetParam().expected));
}

const std::vector<Case> wrongs{
    {"HalfAnEnvironment",
     {{"AWS_ACCESS_KEY_ID", "x"}},
     "",
     "[default]\n" + file_keys,
     "",
     "AWS_SECRET_ACCESS_KEY: not set"},
    {"OtherHalfOfAnEnvironment",
     {{"AWS_SECRET_ACCESS_KEY", "x"}},
     "",
     "",
     "",
     "AWS_ACCESS_KEY_ID: not set"},
    {"ExpiryOfTheEnvironment", with(keys, {{"AWS_CREDENTIAL_EXPIRATION", "soon"}}), "", "", "",
     "AWS_CREDENTIAL_EXPIRATION: expected a time"},
    {"ConfiguredProfileThatIsNotThere", keys, "[default]\n" + file_keys, "", "nobody",
     "profile nobody is in neither /home/ringi/.aws/config nor /home/ringi/.aws/credentials: add "
     "it there, or name another in aws.profile"},
    {"ProfileOfTheEnvironmentThatIsNotThere",
     {{"AWS_PROFILE", "nobody"}},
     "",
     "",
     "",
     "name another in AWS_PROFILE"},
    {"HalfAProfile",
     {},
     "",
     "[default]\n" + half,
     "",
     "profile default, keys in /home/ringi/.aws/credentials: aws_access_key_id and"},
    {"RoleWithoutASource",
     {},
     "[default]\n" + role,
     "",
     "",
     "role_arn wants either source_profile or credential_source"},
    {"RoleWithTwoSources",
     {},
     "[default]\n" + role + "source_profile = a\ncredential_source = Environment\n",
     "",
     "",
     "either source_profile or credential_source"},
    {"SourceProfileThatIsNotThere",
     {},
     "[default]\n" + role + "source_profile = a\n",
     "",
     "",
     "source_profile a is in neither"},
    {"SourceProfileWithoutCredentials",
     {},
     "[default]\n" + role + "source_profile = a\n[profile a]\nregion = x\n",
     "",
     "",
     "source_profile a sets up no credentials"},
    {"RoleByItself",
     {},
     "[default]\n" + role + "source_profile = default\n",
     "",
     "",
     "source_profile default leads back to itself"},
    {"RolesInACircle",
     {},
     "[default]\n" + role + "source_profile = b\n[profile b]\n" + role +
         "source_profile = default\n",
     "",
     "",
     "leads back to itself"},
    {"CredentialSourceOfNoKind",
     {},
     "[default]\n" + role + "credential_source = Vault\n",
     "",
     "",
     "credential_source Vault: expected Environment, EcsContainer or Ec2InstanceMetadata"},
    {"CredentialSourceThatIsNotHere",
     {},
     "[default]\n" + role + "credential_source = EcsContainer\n",
     "",
     "",
     "credential_source EcsContainer has no credentials here"},
    {"RoleThatAsksForACode",
     {},
     "[default]\n" + role + "source_profile = a\nmfa_serial = arn:aws:iam::1:mfa/x\n",
     "",
     "",
     "mfa_serial asks for a code"},
    {"TokenFileWithoutARole",
     {{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}},
     "",
     "",
     "",
     "without AWS_ROLE_ARN or role_arn"},
    {"SsoSessionThatIsNotThere",
     {},
     "[default]\nsso_session = corp\n" + sso,
     "",
     "",
     "there is no [sso-session corp] in /home/ringi/.aws/config"},
    {"SsoSessionInConflict",
     {},
     "[default]\nsso_session = corp\nsso_region = us-east-1\n" + sso + corp,
     "",
     "",
     "sso_region is not that of its sso_session corp"},
    {"SsoSessionThatLacksItsRegion",
     {},
     "[default]\nsso_session = corp\n" + sso + "[sso-session corp]\nsso_start_url = https://x\n",
     "",
     "",
     "[sso-session corp] in /home/ringi/.aws/config lacks sso_region"},
    {"SsoWithoutAnAccount",
     {},
     "[default]\nsso_session = corp\nsso_role_name = Reader\n" + corp,
     "",
     "",
     "single sign-on lacks sso_account_id"},
    {"LoginSession",
     {},
     "[default]\nlogin_session = x\n",
     "",
     "",
     "login_session: not in this version"},
    {"ProcessWithoutAnEnd",
     {},
     "[default]\ncredential_process = '/bin/p\n",
     "",
     "",
     "credential_process: a quote has no end"},
    {"ContainerByHttpElsewhere",
     {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://vault/x"}},
     "",
     "",
     "",
     "AWS_CONTAINER_CREDENTIALS_FULL_URI: outgoing call: http is only for this machine"},
    {"ContainerAtTheInstancesService",
     {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.169.254/latest"}},
     "",
     "",
     "",
     "AWS_CONTAINER_CREDENTIALS_FULL_URI: that is the instance's metadata service"},
    {"ContainerAtTheInstancesServiceByIpv6",
     {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[fd00:ec2::254]/latest"}},
     "",
     "",
     "",
     "AWS_CONTAINER_CREDENTIALS_FULL_URI: that is the instance's metadata service"},
    {"RelativeUriThatIsNoPath",
     {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@evil/x"}},
     "",
     "",
     "",
     "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: expected a path"},
    {"ContainerTokenWithALineBreak",
     {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"},
      {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "a\r\nHost: evil"}},
     "",
     "",
     "",
     "AWS_CONTAINER_AUTHORIZATION_TOKEN: holds a line break"},
    {"InstanceElsewhere",
     {{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "https://imds.example.com"}},
     "",
     "",
     "",
     "only this machine and the instance's metadata service are asked"},
    {"ModeOfNoKind",
     {{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5"}},
     "",
     "",
     "",
     "expected IPv4 or IPv6"},
    {"NothingAtAll",
     {{"AWS_EC2_METADATA_DISABLED", "true"}},
     "",
     "",
     "",
     "no AWS credentials: environment: AWS_ACCESS_KEY_ID is not set; profile default: is in "
     "neither /home/ringi/.aws/config nor /home/ringi/.aws/credentials; container: "
     "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set; "
     "instance metadata: AWS_EC2_METADATA_DISABLED is true"},
};
INSTANTIATE_TEST_SUITE_P(Sources, Wrong, testing::ValuesIn(wrongs),
                         [](const auto& info) { return std::string{info.param.name}; });

template <class T>
T planned(const Case& one) {
  auto made = plan(one);
  return std::get<T>(made.value().source.how);
}

TEST(PlannedCredentials, AreTheKeysOfTheEnvironmentWithTheirTokenAndTheirEnd) {
  const auto source = planned<StaticKeys>(
      {"", with(keys, {{"AWS_SECURITY_TOKEN", "t"},
                       {"AWS_CREDENTIAL_EXPIRATION", "2026-11-22T04:00:00+00:00"}})});
  EXPECT_EQ(source.credentials.access_key_id, "ENV");
  EXPECT_EQ(source.credentials.session_token.reveal(), "t");
  EXPECT_EQ(source.credentials.expires, parse_rfc3339("2026-11-22T04:00:00Z"));
}

TEST(PlannedCredentials, AreARoleAsItsProfileDescribesIt) {
  const auto source = planned<ProfileRole>(
      {"",
       {},
       "[default]\n" + role +
           "source_profile = keys\nexternal_id = outer\n"
           "role_session_name = me\nduration_seconds = 900\nregion = eu-west-3\n",
       "[keys]\n" + file_keys});
  EXPECT_EQ(source.request.external_id.reveal(), "outer");
  EXPECT_EQ(source.request.session_name, "me");
  EXPECT_EQ(source.request.duration, std::chrono::seconds{900});
  EXPECT_EQ(source.region, Region::parse("eu-west-3"));
  EXPECT_EQ(std::get<StaticKeys>(source.from->how).credentials.access_key_id, "FILE");
}

TEST(PlannedCredentials, PassOverADurationThatIsNoNumber) {
  const auto source = planned<ProfileRole>(
      {"",
       {},
       "[default]\n" + role + "source_profile = keys\nduration_seconds = long\n",
       "[keys]\n" + file_keys});
  EXPECT_EQ(source.request.duration, std::chrono::hours{1});
  EXPECT_EQ(source.request.session_name, "ringi");
}

// SHA-1 of "corp" and of the start URL, as AWS's CLI names its files.
TEST(PlannedCredentials, KnowWhereALoginLeftItsToken) {
  const auto by_session =
      planned<SingleSignOn>({"", {}, "[default]\nsso_session = corp\n" + sso + corp});
  EXPECT_EQ(by_session.token_file,
            "/home/ringi/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json");
  EXPECT_EQ(by_session.login, "aws sso login --sso-session corp");
  EXPECT_TRUE(by_session.renewable);
  const auto by_url = planned<SingleSignOn>(
      {"", {}, "[default]\nsso_start_url = https://corp/start\nsso_region = eu-west-1\n" + sso});
  EXPECT_EQ(by_url.login, "aws sso login --profile default");
  EXPECT_FALSE(by_url.renewable);
}

TEST(PlannedCredentials, SplitTheProcessLikeAShellThatExpandsNothing) {
  const auto source = planned<CredentialProcess>(
      {"",
       {},
       "[default]\ncredential_process = \"/opt/my tools/p\" --as 'a \"b\"' $HOME a\\ b ''\n"});
  EXPECT_THAT(source.command,
              testing::ElementsAre("/opt/my tools/p", "--as", "a \"b\"", "$HOME", "a b", ""));
}

TEST(PlannedCredentials, SayWhatWasPassedOver) {
  const auto made = plan({"", {}, "", "", ""});
  EXPECT_THAT(
      text_of(made->passed_over),
      HasSubstr("environment: AWS_ACCESS_KEY_ID is not set; profile default: is in neither"));
}

TEST(PlannedCredentials, MayStandInOtherFiles) {
  const Files files{{{"/etc/keys", "[default]\n" + file_keys}}};
  const Environment environment{{"AWS_SHARED_CREDENTIALS_FILE", "/etc/keys"},
                                {"AWS_CONFIG_FILE", "/none"}};
  const auto made = plan_credentials(environment, "", files.reader());
  EXPECT_EQ(made->source.name, "profile default, keys in /etc/keys");
}

TEST(Profiles, MayHaveANameWithBlanks) {
  const auto made = plan({"", {}, "[profile \"my team\"]\n" + file_keys, "", "my team"});
  EXPECT_EQ(made->source.name, "profile my team, keys in /home/ringi/.aws/config");
}

TEST(Profiles, KeepAProgramsLineWhole) {
  const auto source =
      planned<CredentialProcess>({"", {}, "[default]\ncredential_process = sh -c 'a ; b #c'\n"});
  EXPECT_THAT(source.command, testing::ElementsAre("sh", "-c", "a ; b #c"));
}

TEST(Profiles, AreFoundAtHome) {
  const Files files{{{"/home/ringi/keys", "[default]\n" + file_keys}}};
  const Environment environment{{"HOME", "/home/ringi"}, {"AWS_SHARED_CREDENTIALS_FILE", "~/keys"}};
  const auto made = plan_credentials(environment, "", files.reader());
  EXPECT_EQ(made->source.name, "profile default, keys in /home/ringi/keys");
}

// Whoever indents a whole section means no other identity.
TEST(Profiles, MayBeIndentedAndInAnyCase) {
  const auto sections = parse_profiles(
      "[default]\n  AWS_Access_Key_Id = A\n  s3 =\n    aws_access_key_id = NESTED\n  region = x\n");
  EXPECT_EQ(sections.at("default").at("aws_access_key_id"), "A");
  EXPECT_EQ(sections.at("default").at("region"), "x");
}

// The path of an ECS task is as good as a key.
TEST(PlannedCredentials, NameAContainersHostAlone) {
  const auto made =
      plan({"", {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/uuid"}}});
  EXPECT_EQ(made->source.name, "container, http://169.254.170.2");
}

TEST(Profiles, PassOverCommentsAndNestedBlocks) {
  const auto sections = parse_profiles(
      "# all\n[ops]\r\naws_access_key_id = A # why\naws_secret_access_key=a=b;c\ns3 =\n"
      "  aws_access_key_id = NESTED\n; end\n[broken\nx = y\n");
  EXPECT_EQ(sections.at("ops").at("aws_access_key_id"), "A");
  EXPECT_EQ(sections.at("ops").at("aws_secret_access_key"), "a=b;c");
  EXPECT_EQ(sections.size(), 1U);
}

}  // namespace
}  // namespace ringi::aws
