#include "server/http/tls.hpp"

#include <boost/asio/ssl/context.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <fstream>

namespace ringi::http {

namespace asio = boost::asio;

namespace {

// Forward secrecy and AEAD; those of TLS 1.3 are all such.
constexpr const char* tls12_ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr std::array<unsigned char, 9> http11{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* in, unsigned int in_size, void*) {
  unsigned char* chosen = nullptr;
  const int found =
      SSL_select_next_proto(&chosen, out_size, http11.data(), http11.size(), in, in_size);
  *out = chosen;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// A passphrase would be asked for on the terminal, which a server does not have.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

std::string reason() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  const char* text = ERR_reason_error_string(code);
  return text ? text : "unknown reason";
}

Result<void> refuse(const std::string& file, const std::string& why) {
  return error(Errc::invalid, file + ": " + why);
}

Result<void> check_readable(const std::string& file) {
  if (std::ifstream{file}.good()) return {};
  return refuse(file, "cannot be read");
}

Result<void> load(SSL_CTX* context, const TlsFiles& files) {
  for (const auto* file : {&files.certificate, &files.private_key}) {
    if (auto readable = check_readable(*file); !readable) return readable;
  }
  ERR_clear_error();
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
    return refuse(files.certificate, "no certificate in PEM (" + reason() + ")");
  }
  if (SSL_CTX_use_PrivateKey_file(context, files.private_key.c_str(), SSL_FILETYPE_PEM) != 1) {
    const bool mismatch = ERR_GET_REASON(ERR_peek_error()) == X509_R_KEY_VALUES_MISMATCH;
    const auto why = reason();
    return refuse(files.private_key, mismatch ? "the key does not belong to the certificate"
                                              : "no unencrypted private key in PEM (" + why + ")");
  }
  if (SSL_CTX_check_private_key(context) == 1) return {};
  ERR_clear_error();
  return refuse(files.private_key, "the key does not belong to the certificate");
}

void harden(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, tls12_ciphers);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
}

}  // namespace

Result<std::shared_ptr<asio::ssl::context>> make_tls_context(const TlsFiles& files) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  harden(context->native_handle());
  if (auto loaded = load(context->native_handle(), files); !loaded) return loaded.error();
  return context;
}

}  // namespace ringi::http
