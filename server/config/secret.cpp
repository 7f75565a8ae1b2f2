#include "server/config/secret.hpp"

#include <openssl/crypto.h>

namespace ringi::config {

Secret::~Secret() {
  // A short value that was moved away is still in the string's own buffer, beyond its size.
  value_.resize(value_.capacity());
  OPENSSL_cleanse(value_.data(), value_.size());
}

}  // namespace ringi::config
