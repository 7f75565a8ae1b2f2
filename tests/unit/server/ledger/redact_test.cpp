#include "server/ledger/redact.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ringi::ledger {
namespace {

const Redactor redactor{{"*TOKEN*", "*SECRET*", "*PASSWORD*", "DB_DSN"}};

struct Case {
  const char* name;
  std::string text, redacted;
};

TEST(Redact, takes_out_what_looks_like_a_secret) {
  const std::string pem =
      "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\nIIrY\n-----END EC PRIVATE KEY-----";
  const Case cases[] = {
      {"a user's access key", "use AKIAIOSFODNN7EXAMPLE now", "use [redacted] now"},
      {"a session's access key", "(ASIAIOSFODNN7EXAMPLE)", "([redacted])"},
      {"an AWS secret key alone", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "[redacted]"},
      {"an AWS secret key with its name",
       "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
       "aws_secret_access_key = [redacted]"},
      {"a bot token", "xoxb-1234-5678-abcDEF", "[redacted]"},
      {"a user token", "was xoxp-1-2-3-deadbeef.", "was [redacted]"},
      {"a refreshed token", "xoxe.xoxp-1-Mi0yLTEyMzQ", "[redacted]"},
      {"an app token", "xapp-1-A0-123-abc", "[redacted]"},
      {"an incoming webhook", "post to https://hooks.slack.com/services/T0/B0/x?y, please",
       "post to [redacted] please"},
      {"a response_url in Slack's marks", "<https://hooks.slack.com/commands/1/2|here>",
       "<[redacted]|here>"},
      {"a government webhook", "https://hooks.slack-gov.com/services/T0", "[redacted]"},
      {"a bearer token", "Bearer abc.DEF-123_~+/==", "[redacted]"},
      {"an authorization header", "Authorization: Basic dXNlcjpwYXNz", "Authorization: [redacted]"},
      {"a private key block", "key:\n" + pem + "\nend", "key:\n[redacted]\nend"},
      {"a private key cut short", "-----BEGIN PRIVATE KEY-----\nMHcCAQEE", "[redacted]"},
      {"a GitHub token", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "[redacted]"},
      {"a JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "[redacted]"},
      {"a login in an address", "https://bob:pa55@git.example.com/x",
       "[redacted]git.example.com/x"},
      {"a random value after key=", "key=9f8Ka72LmQ01xZpWv3", "key=[redacted]"},
      {"any value after password=", "password=hunter2 then", "password=[redacted] then"},
      {"a quoted value with blanks", "password=\"two words\" then", "password=\"[redacted]\" then"},
      {"a password after a colon", "password: hunter", "password: [redacted]"},
      {"a token in JSON", R"({"token":"abc123","x":1})", R"({"token":"[redacted]","x":1})"},
      {"an option", "mysql --password hunter2 -h db", "mysql --password [redacted] -h db"},
      {"a name in camel case", "clientSecret=x1", "clientSecret=[redacted]"},
      {"a query string", "?a=1&access_token=zzz&b=2", "?a=1&access_token=[redacted]&b=2"},
      {"a variable of the configuration", "DB_DSN=postgres NAME=web", "DB_DSN=[redacted] NAME=web"},
      {"a variable in lower case", "deploy_token_id=5", "deploy_token_id=[redacted]"},
      {"two in one line", "AKIAIOSFODNN7EXAMPLE,AKIAIOSFODNN7EXAMPLF", "[redacted],[redacted]"},
  };
  for (const Case& it : cases) EXPECT_EQ(redactor.text(it.text), it.redacted) << it.name;
}

TEST(Redact, leaves_what_people_and_aws_write) {
  const std::string plain[] = {
      "",
      "checked on staging",
      "承認します: 問題なし",
      "revision 4be1c0ffee4be1c0ffee4be1c0ffee4be1c0ffee is good",
      "arn:aws:iam::111122223333:role/ringi-production",
      "arn:aws:codepipeline:ap-northeast-1:222233334444:web",
      "https://github.com/acme/web/commit/4be1c0ffee4be1c0ffee4be1c0ffee4be1c0ffee",
      "key=web region=ap-northeast-1",
      "the token: rotated yesterday",
      "no secret here, the bearer of this is fine",
      "monkey=banana keyboard: qwerty",
      "9f1c2d3e-0000-4000-8000-123456789abc",
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "AKIA is how access keys begin; xoxb- is how bot tokens begin",
      "-----BEGIN CERTIFICATE-----",
      "a = b : c",
  };
  for (const std::string& text : plain) EXPECT_EQ(redactor.text(text), text);
}

TEST(Redact, a_named_value_goes_whole_where_its_name_says_so) {
  EXPECT_EQ(redactor.value("variables.DB_PASSWORD", "two words"), "[redacted]");
  EXPECT_EQ(redactor.value("db_dsn", "x"), "[redacted]");
  EXPECT_EQ(redactor.value("variables.NAME", "web"), "web");
  EXPECT_EQ(redactor.value("note", "AKIAIOSFODNN7EXAMPLE"), "[redacted]");
}

TEST(Redact, long_hostile_text_comes_back_whole) {
  for (const std::string piece : {"A", "-", "/", "a-", "a=", "key=", "-----BEGIN ", "x:"}) {
    std::string text;
    while (text.size() < 20'000) text += piece;
    EXPECT_EQ(redactor.text(text).size(), text.size()) << piece;
  }
}

}  // namespace
}  // namespace ringi::ledger
