#pragma once

#include "handlers/types/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace ringi::ledger {

// Keys of C2SP signed notes, signature type 0x01 (Ed25519). Immutable and thread-safe.
// Source: c2sp.org/signed-note.

// Non-empty UTF-8 without Unicode spaces, control characters or "+": what a key may be called.
bool is_key_name(std::string_view name);

class VerifierKey {
 public:
  // "name+hash+base64", as golang.org/x/mod/sumdb/note writes it; the hash is checked.
  static Result<VerifierKey> parse(std::string_view text);
  static Result<VerifierKey> from_pem(std::string name, const std::string& public_pem);

  const std::string& name() const { return name_; }
  std::uint32_t id() const { return id_; }
  std::string text() const;
  bool verifies(std::string_view message, std::string_view signature) const;

 private:
  friend class SigningKey;
  VerifierKey(std::string name, std::string public_key);

  std::string name_;
  std::string public_key_;  // 32 bytes, RFC 8032
  std::uint32_t id_ = 0;
};

class SigningKey {
 public:
  // PKCS #8, unencrypted. The error never quotes the key.
  static Result<SigningKey> from_pem(std::string name, const std::string& private_pem);

  const VerifierKey& verifier() const { return verifier_; }
  std::string sign(std::string_view message) const;  // 64 bytes

 private:
  SigningKey(std::shared_ptr<evp_pkey_st> key, VerifierKey verifier);

  std::shared_ptr<evp_pkey_st> key_;
  VerifierKey verifier_;
};

}  // namespace ringi::ledger
