#include "server/aws/sns_signature.hpp"

#include "server/aws/sns_envelope.hpp"
#include "server/crypto/base64.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <string_view>

namespace ringi::aws {
namespace {

void append(std::string& text, std::string_view key, std::string_view value) {
  text.append(key).append("\n").append(value).append("\n");
}

const EVP_MD* digest_of(const SnsEnvelope& envelope) {
  if (envelope.signature_version == "1") return EVP_sha1();
  if (envelope.signature_version == "2") return EVP_sha256();
  return nullptr;
}

const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string string_to_sign(const SnsEnvelope& envelope) {
  const bool notification = envelope.type == SnsEnvelope::Type::notification;
  std::string text;
  append(text, "Message", envelope.message);
  append(text, "MessageId", envelope.message_id);
  if (notification && envelope.subject) append(text, "Subject", *envelope.subject);
  if (!notification) append(text, "SubscribeURL", envelope.subscribe_url);
  append(text, "Timestamp", envelope.timestamp);
  if (!notification) append(text, "Token", envelope.token);
  append(text, "TopicArn", envelope.topic.text);
  append(text, "Type", name_of(envelope.type));
  return text;
}

bool signature_holds(const SnsEnvelope& envelope, const PublicKey& key) {
  const auto* digest = digest_of(envelope);
  const auto signature = crypto::from_base64(envelope.signature);
  if (!digest || !signature) return false;
  const auto text = string_to_sign(envelope);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free};
  const bool holds =
      EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), bytes_of(*signature), signature->size(), bytes_of(text),
                       text.size()) == 1;
  ERR_clear_error();  // a forged signature must not stay in the thread's error queue
  return holds;
}

}  // namespace ringi::aws
