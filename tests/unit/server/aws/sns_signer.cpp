#include "tests/unit/server/aws/sns_signer.hpp"

#include <nlohmann/json.hpp>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <map>
#include <utility>
#include <vector>

namespace ringi::aws::test {
namespace {

std::string pem_of(X509* certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio{BIO_new(BIO_s_mem()), BIO_free};
  PEM_write_bio_X509(bio.get(), certificate);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

// Written apart from the code under test, from facts/aws.md 1.2.
std::string text_to_sign(const nlohmann::json& message) {
  const bool notification = message.at("Type") == "Notification";
  const std::vector<std::string> keys =
      notification ? std::vector<std::string>{"Message",   "MessageId", "Subject",
                                              "Timestamp", "TopicArn",  "Type"}
                   : std::vector<std::string>{"Message", "MessageId", "SubscribeURL", "Timestamp",
                                              "Token",   "TopicArn",  "Type"};
  std::string text;
  for (const auto& key : keys)
    if (message.contains(key) && message[key].is_string())
      text += key + "\n" + message[key].get<std::string>() + "\n";
  return text;
}

// RSA keys are slow to make: one of each kind serves every test.
std::shared_ptr<EVP_PKEY> key_of(const SnsSigner::Shape& shape) {
  static std::map<std::pair<bool, unsigned>, std::shared_ptr<EVP_PKEY>> made;
  auto& key = made[{shape.elliptic, shape.bits}];
  if (!key)
    key.reset(shape.elliptic ? EVP_EC_gen("P-256") : EVP_RSA_gen(shape.bits), EVP_PKEY_free);
  return key;
}

}  // namespace

SnsSigner::SnsSigner(Shape shape) : key_(key_of(shape)) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate{X509_new(), X509_free};
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), unix_seconds(shape.not_before));
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), unix_seconds(shape.not_after));
  X509_set_pubkey(certificate.get(), key_.get());
  auto* name = X509_get_subject_name(certificate.get());
  const auto* text = reinterpret_cast<const unsigned char*>(shape.name.c_str());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_sign(certificate.get(), key_.get(), EVP_sha256());
  pem_ = pem_of(certificate.get());
}

nlohmann::json SnsSigner::signed_message(nlohmann::json message) const {
  const auto text = text_to_sign(message);
  const auto* digest = message.at("SignatureVersion") == "1" ? EVP_sha1() : EVP_sha256();
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free};
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 1024;
  std::vector<unsigned char> signature(size);
  EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get());
  EVP_DigestSign(context.get(), signature.data(), &size, bytes, text.size());
  std::vector<unsigned char> encoded(2048);
  const auto length = EVP_EncodeBlock(encoded.data(), signature.data(), static_cast<int>(size));
  message["Signature"] = std::string{encoded.begin(), encoded.begin() + length};
  return message;
}

}  // namespace ringi::aws::test
