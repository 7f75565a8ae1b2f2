#include "server/config/digest.hpp"

#include "server/crypto/sha256.hpp"

namespace ringi::config {

std::string digest_of(const std::vector<Source>& sources) {
  std::string framed;
  for (const Source& source : sources) {
    framed += std::to_string(source.text.size()) + "\n" + source.text;
  }
  return "sha256:" + crypto::to_hex(crypto::sha256(framed));
}

}  // namespace ringi::config
