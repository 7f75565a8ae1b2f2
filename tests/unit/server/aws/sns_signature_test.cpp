#include "server/aws/sns_signature.hpp"

#include "server/aws/sns_envelope.hpp"
#include "tests/unit/checkout.hpp"
#include "tests/unit/server/aws/sns_signer.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace ringi::aws {
namespace {

using nlohmann::json;
using ringi::test::corpora;
using ringi::test::text_of_file;
using test::SnsSigner;

// aws-sdk-java-v2, test-notification-signature-v2.json (Apache-2.0), and the key of its
// certificate.
constexpr const char* golden_signature =
    "kGNJ7FIM5DJxRv9bdoSJBty2WHpADFWrJ0ZQU/A2sALy6tBE5hqfUvPRlklTJ+PACFMguoFOO7W6ac/"
    "Bs4gR+JBRFhx4598X8/"
    "HWzrmaLrtB2f7nzViHbpzYN+u+OewXhxjj2lNsu0bLKv6fogkACytDIOhjZylbfJoPphDYAB7T3Ila7u+"
    "K3m2wLHH4k1cPYKyBf5FI/"
    "kAoQAVsY6qFHeb6CWfHsdM98I2gwyEvwJSzW0iyYBfqckmthQwH3Ex53jrhQlZylXFDYmstSJAdvbL"
    "eGqIUxKyk+O25wYgBjbbbeR+2qE2UCGEQrk1Bq018wmTxdHZmDhoBjJXiGmFkfg==";
constexpr const char* golden_key = R"(-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAoW1TUPgxGk+Vjfpfm4NI
hHheuumeiwxXNSia+JTZdKHXF0ErJCrGWAjFXaeCPyJJPc1snJEUzJJkBmIpqQ/m
07DAj+Qv7CSFNBPWNjl445eVYnXpKqp0S/VXROTeNUb5LO0v+TKWHEpgrJmh38HL
/Nhr8ds5vQqwOV7uytmaoc0UDwkUj5h0x0K+BA+t7oxPqk6T4EGdE74JnKwHNPGe
+We2c7Ne2kzXN2IQLUMfVqMDfLoh5JIHPjjTXbcCr1mTZp25sTB2LWHNvdVgj9St
TYeE1eVzcoyHm80Cg66kwjdCLQK9cXugZdwWEt0hvVxwMtKt3pCE80LCsqXLmiun
UwIDAQAB
-----END PUBLIC KEY-----
)";

json golden() {
  return {{"Type", "Notification"},
          {"MessageId", "9d2c5580-b61d-550c-8583-37a582870907"},
          {"TopicArn", "arn:aws:sns:us-west-2:131990247566:dongie-standard-topic"},
          {"Message", "This message uses signature version 2."},
          {"Timestamp", "2026-03-06T20:00:26.893Z"},
          {"SignatureVersion", "2"},
          {"Signature", golden_signature},
          {"SigningCertURL", "https://sns.us-west-2.amazonaws.com/x.pem"}};
}

PublicKey key_from(const char* pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio{BIO_new_mem_buf(pem, -1), BIO_free};
  return {PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
}

bool holds(const json& message, const PublicKey& key) {
  const auto envelope = parse_sns_envelope(message.dump());
  return envelope && signature_holds(*envelope, key);
}

TEST(SnsSignature, OfAwsOwnVectorHolds) {
  EXPECT_TRUE(holds(golden(), key_from(golden_key)));
}

TEST(SnsSignature, FallsWithEverySignedValue) {
  const auto key = key_from(golden_key);
  for (const auto* field : {"MessageId", "Message"}) {
    auto message = golden();
    message[field] = message[field].get<std::string>() + "x";
    EXPECT_FALSE(holds(message, key)) << field;
  }
  auto later = golden();
  later["Timestamp"] = "2026-03-06T20:00:26.894Z";
  EXPECT_FALSE(holds(later, key));
  auto elsewhere = golden();
  elsewhere["TopicArn"] = "arn:aws:sns:us-west-2:131990247566:other";
  EXPECT_FALSE(holds(elsewhere, key));
  auto with_subject = golden();
  with_subject["Subject"] = "s";
  EXPECT_FALSE(holds(with_subject, key));
}

TEST(SnsSignature, IsNeverTriedAsAnotherVersion) {
  auto message = golden();
  message["SignatureVersion"] = "1";
  EXPECT_FALSE(holds(message, key_from(golden_key)));
  message["SignatureVersion"] = "3";
  EXPECT_FALSE(holds(message, key_from(golden_key)));
}

TEST(SnsSignature, ThatIsNoBase64DoesNotHold) {
  for (const auto* text : {"!!!!", "AAA", "AAAA\\n", "====", "A A="}) {
    auto message = golden();
    message["Signature"] = text;
    EXPECT_FALSE(holds(message, key_from(golden_key))) << text;
  }
}

TEST(SnsSignature, OfEveryMessageThatSnsReallySentHolds) {
  if (!exists(corpora("sns"))) GTEST_SKIP() << "no corpora";
  const auto then = *parse_rfc3339("2022-07-28T21:24:00Z");
  const auto certificate =
      read_certificate(text_of_file(corpora("sns") / "signing-certificate-2021.pem"),
                       *Region::parse("us-east-2"), CertificateHost::sns, then);
  ASSERT_TRUE(certificate);
  EXPECT_FALSE(certificate->unexpected_name);
  int messages = 0;
  for (const auto& entry : std::filesystem::directory_iterator{corpora("sns")}) {
    if (entry.path().extension() != ".json") continue;
    SCOPED_TRACE(entry.path().filename().string());
    const auto envelope = parse_sns_envelope(text_of_file(entry.path()));
    ASSERT_TRUE(envelope);
    EXPECT_TRUE(signature_holds(*envelope, certificate->key));
    ++messages;
  }
  EXPECT_EQ(messages, 10);
}

const TopicArn topic = *parse_topic_arn("arn:aws:sns:us-east-1:123456789012:chatops");
const std::string file = "SimpleNotificationService-" + std::string(32, 'a') + ".pem";

TEST(SnsCertificateUrl, IsExactlyThatOfTheTopicsRegion) {
  EXPECT_EQ(certificate_host("https://sns.us-east-1.amazonaws.com/" + file, topic, {}),
            CertificateHost::sns);
  const auto china = *parse_topic_arn("arn:aws-cn:sns:cn-north-1:123456789012:chatops");
  EXPECT_EQ(certificate_host("https://sns.cn-north-1.amazonaws.com.cn/" + file, china, {}),
            CertificateHost::sns);
}

TEST(SnsCertificateUrl, IsNothingElse) {
  for (const auto& url :
       {"https://sns.us-east-1.amazonaws.com.evil.tld/" + file,
        "https://evil@sns.us-east-1.amazonaws.com/" + file,
        "https://sns.us-east-1.amazonaws.com@evil/" + file,
        "http://sns.us-east-1.amazonaws.com/" + file,
        "https://sns.us-east-1.amazonaws.com:8443/" + file, "https://s3.amazonaws.com/" + file,
        "https://sns.s3-us-west-2.amazonaws.com/" + file,
        "https://sns.us-east-1.amazonaws.com./" + file,
        "https://SNS.us-east-1.amazonaws.com/" + file,
        "https://sns%2eus-east-1.amazonaws.com/" + file,
        "https://sns.us-west-2.amazonaws.com/" + file,
        "https://sns.us-east-1.amazonaws.com/a/" + file,
        "https://sns.us-east-1.amazonaws.com/" + file + "?x",
        "https://sns.us-east-1.amazonaws.com/" + file + "#x",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-" + std::string(32, 'A') +
            ".pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-" + std::string(31, 'a') +
            ".pem",
        std::string{"https://sns.us-east-1.amazonaws.com/"}, std::string{}})
    EXPECT_EQ(certificate_host(url, topic, {}), CertificateHost::none) << url;
}

TEST(SnsCertificateUrl, OfAStandInIsOneFileBelowItsPrefix) {
  const std::vector<std::string> prefixes{"http://127.0.0.1:9000/", "https://sandbox.local/certs/"};
  EXPECT_EQ(certificate_host("http://127.0.0.1:9000/a.pem", topic, prefixes),
            CertificateHost::stand_in);
  EXPECT_EQ(certificate_host("https://sandbox.local/certs/" + file, topic, prefixes),
            CertificateHost::stand_in);
  for (const auto* url :
       {"http://127.0.0.1:9000.evil.tld/a.pem", "http://127.0.0.1:90001/a.pem",
        "https://sandbox.local/certs/../a.pem", "https://sandbox.local/certs/b/a.pem",
        "https://sandbox.local/certs/a.pem?x", "https://sandbox.local/certs/%2e.pem",
        "https://sandbox.local/certs/.pem"})
    EXPECT_EQ(certificate_host(url, topic, prefixes), CertificateHost::none) << url;
}

Result<SigningCertificate> checked(const SnsSigner::Shape& shape, const char* region,
                                   CertificateHost host = CertificateHost::sns) {
  return read_certificate(SnsSigner{shape}.pem(), *Region::parse(region), host,
                          *parse_rfc3339("2026-06-01T00:00:00Z"));
}

TEST(SnsCertificate, BearsTheNameThatSnsHasInItsRegion) {
  const std::map<std::string, const char*> names{
      {"sns.amazonaws.com", "us-east-1"},
      {"sns-signing.af-south-1.amazonaws.com", "af-south-1"},
      {"sns-us-gov-west-1.amazonaws.com", "us-gov-east-1"},
      {"sns-cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"},
      {"sns-signing.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"},
      {"sns-us-iso-east-1.c2s.ic.gov", "us-iso-east-1"},
      {"sns-signing.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1"}};
  for (const auto& [name, region] : names) {
    EXPECT_TRUE(checked({.name = name}, region)) << name;
    EXPECT_FALSE(checked({.name = "x" + name}, region)) << name;
  }
}

TEST(SnsCertificate, OfARegionNewerThanTheTableIsOnlyRemarkedUpon) {
  const auto read = checked({.name = "sns-signing.us-south-1.amazonaws.com"}, "us-south-1");
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->unexpected_name);
}

TEST(SnsCertificate, OfAStandInMayBearAnyName) {
  EXPECT_TRUE(checked({.name = "sandbox"}, "us-east-1", CertificateHost::stand_in));
}

TEST(SnsCertificate, IsRefusedWhenItIsNoGood) {
  for (const auto& shape : {SnsSigner::Shape{.elliptic = true}, SnsSigner::Shape{.bits = 1024},
                            SnsSigner::Shape{.name = "sns.example.com"}}) {
    const auto read = checked(shape, "us-east-1");
    ASSERT_TRUE(read.has_error());
    EXPECT_EQ(read.error().code, Errc::denied) << read.error().log.text;
  }
  EXPECT_FALSE(checked({.bits = 1024}, "us-east-1", CertificateHost::stand_in));
}

TEST(SnsCertificate, CannotBeJudgedNowByAWrongClockOrFromAPortalsPage) {
  const auto day = [](const char* text) { return *parse_rfc3339(text); };
  const auto code_of = [](const Result<SigningCertificate>& read) {
    return read.has_error() ? read.error().code : Errc::internal;
  };
  EXPECT_EQ(code_of(checked({.not_after = day("2026-05-31T00:00:00Z")}, "us-east-1")),
            Errc::unavailable);
  EXPECT_EQ(code_of(checked({.not_before = day("2026-06-02T00:00:00Z")}, "us-east-1")),
            Errc::unavailable);
  const SnsSigner signer{{}};
  for (const auto& pem : {std::string{}, std::string{"<html>"}, signer.pem() + signer.pem()})
    EXPECT_EQ(code_of(read_certificate(pem, *Region::parse("us-east-1"), CertificateHost::sns,
                                       day("2026-06-01T00:00:00Z"))),
              Errc::unavailable);
}

}  // namespace
}  // namespace ringi::aws
