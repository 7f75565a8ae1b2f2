#include "server/config/secrets.hpp"

#include "server/config/load.hpp"
#include "tests/unit/server/config/fake_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <type_traits>

namespace ringi::config {
namespace {

using test::FakeFiles;

template <class T>
concept Printable = requires(std::ostream& out, const T& value) { out << value; };
static_assert(!Printable<Secret>);
static_assert(!std::equality_comparable<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);

class SecretsTest : public testing::Test {
 protected:
  FakeFiles files;
  std::map<std::string, std::string> variables{{"SIGNING", "8f742231b10e8888abcd99yyyzzz85a5"},
                                               {"TOKEN", "xoxb-value"},
                                               {"EXTERNAL", "external-value"}};

  void SetUp() override {
    files.texts["/c/main.toml"] =
        std::string{test::smallest} +
        "[[accounts]]\nid = \"222233334444\"\nexternal_id = \"env:EXTERNAL\"\n";
    files.texts["/c/ledger.pem"] = "-----BEGIN\n\n";
  }

  ResolvedSecrets resolve() {
    LocalSecrets source{[this](const std::string& name) -> std::optional<std::string> {
                          const auto found = variables.find(name);
                          if (found == variables.end()) return std::nullopt;
                          return found->second;
                        },
                        files, "/c/main.toml"};
    return resolve_secrets(load("/c/main.toml", files).config.value(), source);
  }
};

TEST_F(SecretsTest, AreReadFromVariablesAndFiles) {
  const ResolvedSecrets resolved = resolve();
  ASSERT_TRUE(resolved.problems.empty());
  EXPECT_EQ(resolved.secrets.bot_token.reveal(), "xoxb-value");
  EXPECT_EQ(resolved.secrets.signing_secrets.at(0).reveal(), "8f742231b10e8888abcd99yyyzzz85a5");
  EXPECT_EQ(resolved.secrets.external_ids.at(*AccountId::parse("222233334444")).reveal(),
            "external-value");
  EXPECT_EQ(resolved.secrets.ledger_key.reveal(), "-----BEGIN\n")
      << "one newline is not part of it";
}

TEST(SecretIn, LeavesOutOneLineBreakAtTheEnd) {
  for (const char* text : {"xoxb-1", "xoxb-1\n", "xoxb-1\r\n"})
    EXPECT_EQ(secret_in(text)->reveal(), "xoxb-1") << text;
  EXPECT_EQ(secret_in("a\nb\n\n")->reveal(), "a\nb\n");
  for (const char* text : {"", "\n", "\r\n"}) EXPECT_TRUE(secret_in(text).has_error());
}

TEST_F(SecretsTest, ThatAreMissingAreAllReportedWithKeyAndReference) {
  variables.erase("SIGNING");
  variables["TOKEN"] = "";
  files.texts.erase("/c/ledger.pem");
  const ResolvedSecrets resolved = resolve();
  std::string text;
  for (const Problem& problem : resolved.problems) text += to_text(problem) + "\n";
  EXPECT_EQ(resolved.problems.size(), 3u);
  EXPECT_THAT(
      text, testing::HasSubstr(
                "env:SIGNING: the variable is not set, /c/main.toml:12 slack.signing_secrets[0]"));
  EXPECT_THAT(text, testing::HasSubstr("env:TOKEN: it is empty"));
  EXPECT_THAT(text, testing::HasSubstr("file:ledger.pem: No such file"));
}

TEST_F(SecretsTest, OfAwsAreLeftOutOfALocalCheck) {
  std::string& text = files.texts["/c/main.toml"];
  text.replace(text.find("env:TOKEN"), 9, "aws:ssm:/ringi/token");
  variables.erase("SIGNING");
  LocalSecrets source{[](const std::string&) { return std::optional<std::string>{}; }, files,
                      "/c/main.toml"};
  const Config config = load("/c/main.toml", files).config.value();
  const Problems missing = missing_local_secrets(config, source);
  ASSERT_EQ(missing.size(), 2u);
  EXPECT_EQ(missing[0].key, "slack.signing_secrets[0]");
  EXPECT_EQ(missing[1].key, "accounts[0].external_id");
  EXPECT_TRUE(source.find(config.slack.bot_token).has_error());
}

TEST(References, AreTakenApart) {
  const auto secret =
      parse_reference("aws:secretsmanager:arn:aws:secretsmanager:eu-west-1:1:secret:x#token");
  ASSERT_TRUE(secret);
  EXPECT_EQ(secret->name, "arn:aws:secretsmanager:eu-west-1:1:secret:x");
  EXPECT_EQ(secret->json_key, "token");
  EXPECT_FALSE(is_local(*secret));
  for (const char* text :
       {"env:A_1", "file:/a/b", "aws:ssm:/ringi/token", "aws:secretsmanager:x#y"}) {
    EXPECT_EQ(parse_reference(text)->text(), text);
  }
}

TEST(References, RefuseWhatIsNone) {
  for (const char* text :
       {"", "env:", "env:A B", "env:$A", "file:", "aws:", "aws:kms:x", "TOKEN", "xoxb-1"}) {
    EXPECT_FALSE(parse_reference(text)) << text;
  }
}

TEST(SecretValue, IsWipedWhereItStood) {
  alignas(Secret) unsigned char room[sizeof(Secret)];
  auto* const secret = new (room) Secret{"short-one"};
  secret->~Secret();
  const std::string_view left{reinterpret_cast<const char*>(room), sizeof room};
  EXPECT_EQ(left.find("short-one"), left.npos);
}

// Whoever mends what the file says should not meet the next problem only then.
TEST_F(SecretsTest, ThatAreMissingAreKnownOfAFileWithProblemsToo) {
  auto& text = files.texts["/c/main.toml"];
  text.replace(text.find("bot_token = \"env:TOKEN\""), 23, "bot_tokn = \"env:TOKEN\"");
  text.replace(text.find("env:SIGNING"), 11, "env:ABSENT!");
  const Loaded loaded = load("/c/main.toml", files);
  ASSERT_FALSE(loaded.config);
  files.texts.erase("/c/ledger.pem");
  LocalSecrets source{[](const std::string&) -> std::optional<std::string> { return {}; }, files,
                      "/c/main.toml"};
  const auto missing = missing_local_secrets(loaded.as_read, source);
  ASSERT_EQ(missing.size(), 2u) << "what was not understood is not looked for";
  EXPECT_EQ(missing[0].key, "ledger.key");
  EXPECT_EQ(missing[0].place.line, 8);
  EXPECT_EQ(missing[1].key, "accounts[0].external_id");
}

TEST_F(SecretsTest, FilesForTlsAreMissedWithTheirLine) {
  files.texts["/etc/ringi/tls/privkey.pem"] = "key";
  const auto missing = missing_files(load("/c/main.toml", files).as_read, files);
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_EQ(missing[0].key, "server.certificate");
  EXPECT_EQ(missing[0].place.line, 4);
}

TEST_F(SecretsTest, FilesForTlsAreBesideAMainFileWithoutARoot) {
  files.texts["conf/ringi.toml"] = test::smallest;
  files.texts["conf/tls/fullchain.pem"] = "certificate";
  files.texts["/etc/ringi/tls/privkey.pem"] = "key";
  const Config config = load("conf/ringi.toml", files).as_read;
  EXPECT_EQ(config.server.certificate, "conf/tls/fullchain.pem");
  EXPECT_TRUE(missing_files(config, files).empty());
}

}  // namespace
}  // namespace ringi::config
