#include "server/ledger/key.hpp"

#include "server/crypto/base64.hpp"
#include "server/ledger/canonical.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <stdexcept>

namespace ringi::ledger {
namespace {

constexpr char ed25519_type = 0x01;
constexpr std::size_t public_key_size = 32;
constexpr std::size_t signature_size = 64;

using Pkey = std::shared_ptr<EVP_PKEY>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// An encrypted PEM file must fail here, not ask on the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

using ReadPem = EVP_PKEY* (*)(BIO*, EVP_PKEY**, pem_password_cb*, void*);

Result<Pkey> read_ed25519(const std::string& pem, ReadPem read, const std::string& what) {
  const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
  const Pkey key{read(bio.get(), nullptr, no_passphrase, nullptr), &EVP_PKEY_free};
  ERR_clear_error();
  if (!key) return error(Errc::invalid, "not an unencrypted PEM " + what + " key");
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519) {
    return error(Errc::invalid,
                 std::string{"an "} + OBJ_nid2sn(EVP_PKEY_get_base_id(key.get())) +
                     " key; the ledger needs Ed25519 (openssl genpkey -algorithm ed25519)");
  }
  return key;
}

std::string raw_public_key(EVP_PKEY* key) {
  std::string raw(public_key_size, '\0');
  std::size_t size = raw.size();
  if (EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw.data()), &size) != 1) {
    throw std::runtime_error("OpenSSL does not give the public half of an Ed25519 key");
  }
  return raw;
}

std::uint32_t key_id(std::string_view name, std::string_view public_key) {
  const crypto::Hash hash =
      crypto::sha256(std::string{name} + '\n' + ed25519_type + std::string{public_key});
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < 4; ++i) id = (id << 8) | hash[i];
  return id;
}

std::string hex_of(std::uint32_t id) {
  std::array<char, 9> text{};
  std::snprintf(text.data(), text.size(), "%08x", id);
  return text.data();
}

Error bad_name() {
  return error(Errc::invalid, "a key's name is not empty and holds neither spaces nor \"+\"");
}

// Unicode's White_Space beyond ASCII, in UTF-8.
constexpr std::array<std::string_view, 8> wide_spaces = {"\u0085", "\u00a0", "\u1680", "\u2028",
                                                         "\u2029", "\u202f", "\u205f", "\u3000"};

bool has_wide_space(std::string_view name) {
  if (std::ranges::any_of(wide_spaces,
                          [name](auto space) { return name.find(space) != name.npos; })) {
    return true;
  }
  for (std::size_t at = name.find("\xe2\x80"); at != name.npos;
       at = name.find("\xe2\x80", at + 1)) {
    const auto last = at + 2 < name.size() ? static_cast<unsigned char>(name[at + 2]) : 0;
    if (last >= 0x80 && last <= 0x8a) return true;  // U+2000..U+200A
  }
  return false;
}

}  // namespace

bool is_key_name(std::string_view name) {
  const auto forbidden = [](char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '+';
  };
  return !name.empty() && std::ranges::none_of(name, forbidden) && well_formed(name) == name &&
         !has_wide_space(name);
}

VerifierKey::VerifierKey(std::string name, std::string public_key)
    : name_(std::move(name)), public_key_(std::move(public_key)), id_(key_id(name_, public_key_)) {}

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
  const auto name_end = text.find('+');
  const auto id_end = name_end == text.npos ? text.npos : text.find('+', name_end + 1);
  if (id_end == text.npos) return error(Errc::invalid, "not a verifier key (name+hash+base64)");
  if (!is_key_name(text.substr(0, name_end))) return bad_name();
  const auto material = crypto::from_base64(text.substr(id_end + 1));
  if (!material || material->size() != 1 + public_key_size || material->front() != ed25519_type) {
    return error(Errc::invalid, "the verifier key does not hold an Ed25519 key");
  }
  VerifierKey key{std::string{text.substr(0, name_end)}, material->substr(1)};
  if (text.substr(name_end + 1, id_end - name_end - 1) != hex_of(key.id_)) {
    return error(Errc::invalid, "the verifier key's hash does not fit its name and key");
  }
  return key;
}

Result<VerifierKey> VerifierKey::from_pem(std::string name, const std::string& public_pem) {
  if (!is_key_name(name)) return bad_name();
  const auto key = read_ed25519(public_pem, PEM_read_bio_PUBKEY, "public");
  if (key.has_error()) return key.error();
  return VerifierKey{std::move(name), raw_public_key(key->get())};
}

std::string VerifierKey::text() const {
  return name_ + '+' + hex_of(id_) + '+' + crypto::to_base64(ed25519_type + public_key_);
}

bool VerifierKey::verifies(std::string_view message, std::string_view signature) const {
  if (signature.size() != signature_size) return false;
  const Pkey key{EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(public_key_),
                                             public_key_.size()),
                 &EVP_PKEY_free};
  const Context context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  const bool holds =
      key && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(message),
                       message.size()) == 1;
  ERR_clear_error();
  return holds;
}

SigningKey::SigningKey(std::shared_ptr<evp_pkey_st> key, VerifierKey verifier)
    : key_(std::move(key)), verifier_(std::move(verifier)) {}

Result<SigningKey> SigningKey::from_pem(std::string name, const std::string& private_pem) {
  if (!is_key_name(name)) return bad_name();
  auto key = read_ed25519(private_pem, PEM_read_bio_PrivateKey, "private");
  if (key.has_error()) return key.error();
  VerifierKey verifier{std::move(name), raw_public_key(key->get())};
  return SigningKey{std::move(*key), std::move(verifier)};
}

std::string SigningKey::sign(std::string_view message) const {
  const Context context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  std::string signature(signature_size, '\0');
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     bytes_of(message), message.size()) != 1) {
    ERR_clear_error();
    throw std::runtime_error("OpenSSL could not sign a checkpoint");
  }
  return signature;
}

}  // namespace ringi::ledger
