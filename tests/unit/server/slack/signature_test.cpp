#include "server/slack/signature.hpp"

#include "server/crypto/sha256.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ringi::slack {
namespace {

const std::string secret_a = "test_signing_secret_0001";
const std::string secret_b = "test_signing_secret_0002";

Time at(std::int64_t seconds) {
  return from_unix_micros(seconds * 1'000'000);
}

std::vector<config::Secret> secrets(std::initializer_list<std::string> values) {
  return {values.begin(), values.end()};
}

struct Vector {
  const char* name;
  std::string secret;
  std::string timestamp;
  std::string body;
  std::string signature;
};
void PrintTo(const Vector& vector, std::ostream* out) {
  *out << vector.name;
}

class SignatureVector : public testing::TestWithParam<Vector> {
 protected:
  static Signature check(const Vector& v, const std::string& body, std::int64_t later = 0) {
    const auto now = at(std::stoll(v.timestamp) + later);
    return verify(secrets({v.secret}), {v.timestamp, v.signature}, body, now);
  }
};

TEST_P(SignatureVector, HoldsForItsOwnBodyOnly) {
  const auto& v = GetParam();
  EXPECT_EQ(check(v, v.body), Signature::ok);
  EXPECT_EQ(check(v, v.body + "------"), Signature::mismatch);
  EXPECT_EQ(check(v, v.body + "\n"), Signature::mismatch);
}

TEST_P(SignatureVector, HoldsForFiveMinutesBothWays) {
  const auto& v = GetParam();
  for (const auto later : {-300, -299, 0, 299, 300})
    EXPECT_EQ(check(v, v.body, later), Signature::ok);
  for (const auto later : {-86'400, -301, 301, 600})
    EXPECT_EQ(check(v, v.body, later), Signature::stale);
}

TEST_P(SignatureVector, HoldsForItsOwnSecretOnly) {
  const auto& v = GetParam();
  const SignedHeaders headers{v.timestamp, v.signature};
  const auto now = at(std::stoll(v.timestamp));
  EXPECT_EQ(verify(secrets({"other"}), headers, v.body, now), Signature::mismatch);
  EXPECT_EQ(verify(secrets({}), headers, v.body, now), Signature::mismatch);
  EXPECT_EQ(verify(secrets({"new", v.secret}), headers, v.body, now), Signature::ok);
  EXPECT_EQ(verify(secrets({v.secret, "old"}), headers, v.body, now), Signature::ok);
}

// Slack's documentation, slack-go's security_test.go, and own ones that two implementations agree
// on.
INSTANTIATE_TEST_SUITE_P(
    Table, SignatureVector,
    testing::Values(
        Vector{
            "Documented", "8f742231b10e8888abcd99yyyzzz85a5", "1531420618",
            "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id="
            "G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%"
            "2Fwebhook-"
            "collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%"
            "2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121."
            "803a0bc887a14d10d2c447fce8b6703c",
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"},
        Vector{
            "SlackGo", "e6b19c573432dcc6b075501d51b51bb8", "1531431954",
            R"({"token":"aF5ynEYQH0dFN9imlgcADxDB","team_id":"XXXXXXXXX","api_app_id":"YYYYYYYYY","event":)"
            R"({"type":"app_mention","user":"AAAAAAAAA","text":"<@EEEEEEEEE> hello world","client_msg_id":)"
            R"("477cc591-ch73-a14z-4db8-g0cd76321bec","ts":"1531431954.000073","channel":"TTTTTTTTT",)"
            R"("event_ts":"1531431954.000073"},"type":"event_callback","event_id":"TvBP7LRED7","event_time":)"
            R"(1531431954,"authed_users":["EEEEEEEEE"]})",
            "v0=adada4ed31709aef585c2580ca3267678c6a8eaeb7e0c1aca3ee57b656886b2c"},
        Vector{"EmptyBody", secret_a, "1700000000", "",
               "v0=d89d78956881fadab725cb24f4006940f11abc57e3a1118de972f6fdfb263b01"},
        Vector{"ChallengeA", secret_a, "1700000000",
               R"({"type":"url_verification","challenge":"abc"})",
               "v0=b8e41a5d5ed0480858b5292ab693f5cb5d04c035268e9e7d0322bf118b62ab12"},
        Vector{"ChallengeB", secret_b, "1700000000",
               R"({"type":"url_verification","challenge":"abc"})",
               "v0=2d1d14956d97bc93c8d609fb830bb5c937af84f3856c564077a7773d8867bbd8"},
        Vector{"Payload", secret_a, "1700000000", "payload=%7B%22type%22%3A%22block_actions%22%7D",
               "v0=29247ccd396a8e39bbd8edf867be0ae80b7f0236635e8fdb1024c57eef045c87"},
        Vector{"Utf8", secret_a, "1700000000", "text=caf%C3%A9+%E2%9C%93&command=%2Fops",
               "v0=de5cea8cb8056dff8a3d4a5a0ec19b322d52ec1ba9e35d87ab1149c685af57b8"},
        Vector{"Command", secret_a, "1700000000",
               "token=deprecated&team_id=T0001&team_domain=acme&channel_id=C0001&channel_name=ops&"
               "user_id="
               "U0001&user_name=ada&command=%2Fops&text=deploy+api+%3C%40U0002%3E+%26+%3C%23C0002%"
               "7Cprod%3E"
               "&api_app_id=A0001&is_enterprise_install=false&response_url=https%3A%2F%2Fhooks."
               "slack.com%"
               "2Fcommands%2FT0001%2F1%2Fabc&trigger_id=1.2.abc",
               "v0=8a0584c30d3fe62c782d6827f9c7431d06052471c0df8dca68f399b4099cfe33"},
        Vector{"Click", secret_a, "1700000000",
               "payload=%7B%22type%22%3A%22block_actions%22%2C%22user%22%3A%7B%22id%22%3A%22U0001%"
               "22%7D%2C%"
               "22actions%22%3A%5B%7B%22action_id%22%3A%22approve%22%2C%22value%22%3A%22r1%22%7D%"
               "5D%7D",
               "v0=b811034d7377cab52685b277127b629cb89058653238b677b97ea45165e5209d"}),
    [](const auto& row) { return row.param.name; });

const std::string body = R"({"type":"url_verification","challenge":"abc"})";
const std::string timestamp = "1700000000";
const std::string hex_a = "b8e41a5d5ed0480858b5292ab693f5cb5d04c035268e9e7d0322bf118b62ab12";
const Time now = at(1'700'000'000);

struct Malformed {
  const char* name;
  std::string timestamp;
  std::string signature;
};
void PrintTo(const Malformed& malformed, std::ostream* out) {
  *out << malformed.name;
}

class MalformedHeaders : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedHeaders, AreRefusedBeforeAnySecretIsTried) {
  const auto& row = GetParam();
  EXPECT_EQ(verify(secrets({secret_a}), {row.timestamp, row.signature}, body, now),
            Signature::malformed);
}

std::string upper(std::string text) {
  for (auto& c : text) c = static_cast<char>(std::toupper(c));
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Table, MalformedHeaders,
    testing::Values(Malformed{"EmptyTimestamp", "", "v0=" + hex_a},
                    Malformed{"TimestampIsAWord", "yesterday", "v0=" + hex_a},
                    Malformed{"TimestampWithPlus", "+1700000000", "v0=" + hex_a},
                    Malformed{"TimestampWithMinus", "-1700000000", "v0=" + hex_a},
                    Malformed{"TimestampWithBlank", " 1700000000", "v0=" + hex_a},
                    Malformed{"TimestampWithBlankAfter", "1700000000 ", "v0=" + hex_a},
                    Malformed{"TimestampWithLeadingZero", "01700000000", "v0=" + hex_a},
                    Malformed{"TimestampWithFraction", "1700000000.0", "v0=" + hex_a},
                    Malformed{"TimestampWithExponent", "17e8", "v0=" + hex_a},
                    Malformed{"TimestampBeyondInt64", "9223372036854775808", "v0=" + hex_a},
                    Malformed{"TimestampTwice", "1700000000,1700000000", "v0=" + hex_a},
                    Malformed{"EmptySignature", timestamp, ""},
                    Malformed{"NoVersion", timestamp, hex_a},
                    Malformed{"OtherVersion", timestamp, "v1=" + hex_a},
                    Malformed{"UpperCaseVersion", timestamp, "V0=" + hex_a},
                    Malformed{"UpperCaseHex", timestamp, "v0=" + upper(hex_a)},
                    Malformed{"OneDigitShort", timestamp, "v0=" + hex_a.substr(1)},
                    Malformed{"OneDigitLong", timestamp, "v0=" + hex_a + "0"},
                    Malformed{"NoHex", timestamp, "v0=g" + hex_a.substr(1)},
                    Malformed{"BlankAfter", timestamp, "v0=" + hex_a.substr(1) + " "},
                    Malformed{"VersionAlone", timestamp, "v0="}),
    [](const auto& row) { return row.param.name; });

TEST(VerifySignature, MissesAbsentHeaders) {
  const auto given = secrets({secret_a});
  const std::string signature = "v0=" + hex_a;
  EXPECT_EQ(verify(given, {std::nullopt, signature}, body, now), Signature::missing);
  EXPECT_EQ(verify(given, {timestamp, std::nullopt}, body, now), Signature::missing);
  EXPECT_EQ(verify(given, {}, body, now), Signature::missing);
}

TEST(VerifySignature, ReadsALargeTimestampAsStaleAndNotAsAnOverflow) {
  EXPECT_EQ(verify(secrets({secret_a}), {"9223372036854775807", "v0=" + hex_a}, body, now),
            Signature::stale);
}

TEST(VerifySignature, NeverAcceptsWhatAnEmptySecretMakes) {
  const auto forged =
      "v0=" + crypto::to_hex(crypto::hmac_sha256("", "v0:" + timestamp + ":" + body));
  EXPECT_EQ(verify(secrets({"", secret_a}), {timestamp, forged}, body, now), Signature::mismatch);
  EXPECT_EQ(verify(secrets({"", secret_a}), {timestamp, "v0=" + hex_a}, body, now), Signature::ok);
}

TEST(VerifySignature, TakesEitherSecretWhileTheyRotate) {
  const auto rotating = secrets({secret_b, secret_a});
  const std::string hex_b = "2d1d14956d97bc93c8d609fb830bb5c937af84f3856c564077a7773d8867bbd8";
  EXPECT_EQ(verify(rotating, {timestamp, "v0=" + hex_a}, body, now), Signature::ok);
  EXPECT_EQ(verify(rotating, {timestamp, "v0=" + hex_b}, body, now), Signature::ok);
}

TEST(VerifySignature, FindsOneWrongDigitAnywhere) {
  for (std::size_t i = 0; i < hex_a.size(); ++i) {
    auto wrong = hex_a;
    wrong[i] = wrong[i] == '0' ? '1' : '0';
    EXPECT_EQ(verify(secrets({secret_a}), {timestamp, "v0=" + wrong}, body, now),
              Signature::mismatch);
  }
}

}  // namespace
}  // namespace ringi::slack
