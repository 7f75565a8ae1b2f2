#include "server/aws/base_credentials.hpp"

#include "server/aws/profile.hpp"
#include "tests/unit/server/aws/world.hpp"

#include <gmock/gmock.h>

#include <map>

namespace ringi::aws {
namespace {

using testing::HasSubstr;

// A file system of two files.
struct Files {
  std::map<std::string, std::string> texts;
  ReadFile reader() const {
    return [this](const std::string& path) -> std::optional<std::string> {
      const auto found = texts.find(path);
      return found == texts.end() ? std::nullopt : std::optional{found->second};
    };
  }
};

const Environment home{{"HOME", "/home/ringi"}};

Files with_profiles() {
  return {{{"/home/ringi/.aws/config",
            "[default]\nregion = x\n[profile ops]\naws_access_key_id = FROMCONFIG\n"
            "aws_secret_access_key = c # why\ns3 =\n  aws_access_key_id = NESTED\n"
            "[profile chain]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = ops\n"
            "[profile sso]\nsso_session = corp\n[profile half]\naws_access_key_id = HALF\n"},
           {"/home/ringi/.aws/credentials",
            "# keys\n[default]\naws_access_key_id=DEFAULT\naws_secret_access_key=d\n"
            "aws_session_token = t\r\n[shared]\naws_access_key_id = SHARED\naws_secret_access_key "
            "= a=b;c\n"}}};
}

std::string id_of(const Environment& environment, const std::string& profile = "") {
  const auto files = with_profiles();
  const auto loaded = load_base_credentials(environment, profile, files.reader());
  return loaded ? loaded->access_key_id : loaded.error().person.text;
}

Environment with(Environment environment, Environment more) {
  environment.merge(more);
  return environment;
}

const Environment keys{{"AWS_ACCESS_KEY_ID", "ENV"}, {"AWS_SECRET_ACCESS_KEY", "e"}};

TEST(BaseCredentials, ComeFromTheEnvironmentFirst) {
  EXPECT_EQ(id_of(with(home, keys)), "ENV");
}

TEST(BaseCredentials, ComeFromTheDefaultProfileElse) {
  const auto files = with_profiles();
  const auto loaded = load_base_credentials(home, "", files.reader());
  EXPECT_EQ(loaded->access_key_id, "DEFAULT");
  EXPECT_EQ(loaded->session_token.reveal(), "t");
  EXPECT_FALSE(loaded->expires);
}

TEST(BaseCredentials, ComeFromTheConfiguredProfileBeforeTheEnvironment) {
  EXPECT_EQ(id_of(with(home, keys), "shared"), "SHARED");
  EXPECT_EQ(id_of(home, "ops"), "FROMCONFIG");
}

TEST(BaseCredentials, ComeFromTheProfileOfTheEnvironmentAfterItsKeys) {
  const Environment named{{"AWS_PROFILE", "shared"}, {"AWS_DEFAULT_PROFILE", "ops"}};
  EXPECT_EQ(id_of(with(home, named)), "SHARED");
  EXPECT_EQ(id_of(with(home, {{"AWS_DEFAULT_PROFILE", "ops"}})), "FROMCONFIG");
  EXPECT_EQ(id_of(with(with(home, keys), named)), "ENV");
}

TEST(BaseCredentials, MayStandInOtherFiles) {
  const Files files{
      {{"/etc/keys", "[default]\naws_access_key_id = E\naws_secret_access_key = s\n"}}};
  const Environment environment{{"AWS_SHARED_CREDENTIALS_FILE", "/etc/keys"},
                                {"AWS_CONFIG_FILE", "/none"}};
  EXPECT_EQ(load_base_credentials(environment, "", files.reader())->access_key_id, "E");
}

TEST(BaseCredentials, FromOtherSourcesAreRefusedByName) {
  EXPECT_THAT(id_of(home, "chain"), HasSubstr("role_arn: not in this version"));
  EXPECT_THAT(id_of(home, "sso"), HasSubstr("sso_session: not in this version"));
}

TEST(BaseCredentials, ThatAreNotWholeAreAnError) {
  EXPECT_THAT(id_of(home, "half"), HasSubstr("profile half"));
  EXPECT_THAT(id_of({{"HOME", "/"}, {"AWS_ACCESS_KEY_ID", "x"}}), HasSubstr("the environment"));
  EXPECT_THAT(id_of({{"HOME", "/"}}), HasSubstr("no AWS credentials"));
}

TEST(BaseCredentials, PassOverCommentsAndNestedBlocks) {
  const auto sections = parse_profiles(with_profiles().texts["/home/ringi/.aws/config"]);
  EXPECT_EQ(sections.at("profile ops").at("aws_access_key_id"), "FROMCONFIG");
  EXPECT_EQ(sections.at("profile ops").at("aws_secret_access_key"), "c");
}

TEST(BaseCredentials, AreLoadedAgainAfterTheyExpired) {
  int loads = 0;
  BaseSession session{[&loads] {
    return Result<Credentials>{Credentials{.access_key_id = "A" + std::to_string(++loads)}};
  }};
  session.reject("somebody else's");
  EXPECT_EQ(loads, 1);
  session.reject("A1");
  session.reject("A1");
  EXPECT_EQ(loads, 2);
}

class BaseSessionTest : public test::World {};

TEST_F(BaseSessionTest, LoadsAgainWhileItHasNone) {
  Files files;
  BaseSession session{[&files] { return load_base_credentials(home, "ops", files.reader()); }};
  EXPECT_TRUE(run(session.credentials(Duration{})).has_error());
  files = with_profiles();
  EXPECT_EQ(run(session.credentials(Duration{}))->access_key_id, "FROMCONFIG");
}

}  // namespace
}  // namespace ringi::aws
