#pragma once

#include "handlers/types/result.hpp"

#include <memory>
#include <string>

namespace boost::asio::ssl {
class context;
}

namespace ringi::http {

// PEM files: the certificate with its chain, and its key.
struct TlsFiles {
  std::string certificate;
  std::string private_key;
};

// TLS 1.2 and 1.3 only, HTTP/1.1 alone by ALPN. Errors (Errc::invalid) name the file and what is
// wrong with it: not readable, no PEM, encrypted, or a key that belongs to another certificate.
Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(const TlsFiles& files);

}  // namespace ringi::http
