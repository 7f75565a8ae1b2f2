#include "server/aws/sns_certificate.hpp"

#include "handlers/types/partition.hpp"
#include "server/aws/sns_envelope.hpp"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>

namespace ringi::aws {
namespace {

constexpr int least_rsa_bits = 2048;

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using X509Ptr = std::unique_ptr<X509, decltype(&X509_free)>;

constexpr std::array<std::string_view, 18> opt_in_regions{
    "ap-east-1",      "ap-east-2",      "ap-south-2",     "ap-southeast-3", "ap-southeast-4",
    "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "me-south-1",     "me-central-1",
    "eu-south-1",     "eu-south-2",     "eu-central-2",   "af-south-1",     "il-central-1",
    "ca-west-1",      "mx-central-1",   "eusc-de-east-1"};

struct ExpectedName {
  std::string name;
  bool certain;  // false: a region that is newer than this table
};

// facts: the table of aws-sdk-java-v2's validator.
ExpectedName expected_name(const Region& region) {
  const auto& partition = partition_of(region);
  const auto suffix = std::string{partition.dns_suffix};
  const auto& name = region.str();
  if (partition.name == "aws-us-gov") return {"sns-us-gov-west-1.amazonaws.com", true};
  if (partition.name == "aws-cn" || partition.name == "aws-iso" || partition.name == "aws-iso-b")
    return {"sns-" + name + "." + suffix, true};
  const bool opt_in = std::ranges::find(opt_in_regions, name) != opt_in_regions.end();
  if (opt_in || partition.name == "aws-iso-e" || partition.name == "aws-iso-f")
    return {"sns-signing." + name + "." + suffix, true};
  return {"sns." + suffix, is_known_region(region)};
}

bool hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool file_char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

// One file name, "<letters>.pem": no further folder, no dots, no escapes.
bool is_pem_name(std::string_view name) {
  return name.ends_with(".pem") && name.size() > 4 &&
         std::ranges::all_of(name.substr(0, name.size() - 4), file_char);
}

std::optional<Time> time_of(const ASN1_TIME* asn1) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(asn1, &parts) != 1) return std::nullopt;
  return Time{std::chrono::seconds{timegm(&parts)}};
}

// The only certificate of the text; null when there is none, or more than one.
X509Ptr only_certificate(const std::string& pem) {
  X509Ptr none{nullptr, X509_free};
  const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
  X509Ptr first{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free};
  const X509Ptr second{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), X509_free};
  ERR_clear_error();  // the end of the text is an error to OpenSSL
  return first && !second ? std::move(first) : std::move(none);
}

Error refused(const char* why, Errc code = Errc::denied) {
  return error(code, std::string{"signing certificate: "} + why);
}

}  // namespace

CertificateHost certificate_host(std::string_view url, const TopicArn& topic,
                                 const std::vector<std::string>& further_prefixes) {
  const auto suffix = std::string{partition_of(topic.region).dns_suffix};
  const auto sns =
      "https://sns." + topic.region.str() + "." + suffix + "/SimpleNotificationService-";
  if (url.starts_with(sns)) {
    const auto rest = url.substr(sns.size());
    if (rest.size() == 36 && rest.ends_with(".pem") &&
        std::ranges::all_of(rest.substr(0, 32), hex_digit))
      return CertificateHost::sns;
  }
  for (const auto& prefix : further_prefixes) {
    if (!url.starts_with(prefix)) continue;
    const auto file = url.substr(url.rfind('/') + 1);
    if (url.rfind('/') < prefix.size() && is_pem_name(file)) return CertificateHost::stand_in;
  }
  return CertificateHost::none;
}

Result<SigningCertificate> read_certificate(const std::string& pem, const Region& region,
                                            CertificateHost host, Time now) {
  const auto certificate = only_certificate(pem);
  if (!certificate) return refused("not exactly one PEM certificate", Errc::unavailable);
  PublicKey key{X509_get_pubkey(certificate.get()), EVP_PKEY_free};
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return refused("not an RSA key");
  if (EVP_PKEY_get_bits(key.get()) < least_rsa_bits)
    return refused("RSA key shorter than 2048 bits");
  const auto from = time_of(X509_get0_notBefore(certificate.get()));
  const auto to = time_of(X509_get0_notAfter(certificate.get()));
  if (!from || !to) return refused("no dates");
  if (now < *from) return refused("not valid yet by our clock", Errc::unavailable);
  if (now > *to) return refused("expired by our clock", Errc::unavailable);
  SigningCertificate result{std::move(key), *from, *to};
  if (host == CertificateHost::stand_in) return result;  // the operator named its address instead
  const auto expected = expected_name(region);
  const bool named = X509_check_host(certificate.get(), expected.name.data(), expected.name.size(),
                                     X509_CHECK_FLAG_NO_WILDCARDS, nullptr) == 1;
  if (!named && expected.certain) return refused("not issued to SNS in this region");
  result.unexpected_name = !named;
  return result;
}

}  // namespace ringi::aws
