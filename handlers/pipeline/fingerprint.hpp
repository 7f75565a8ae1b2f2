#pragma once

#include <string>
#include <string_view>

namespace ringi::pipeline {

// "sha256:<64 hex>" (FIPS 180-4): stands for an approval token in the ledger. Not for secrets' sake
// alone: the handlers link no OpenSSL.
std::string fingerprint(std::string_view text);

}  // namespace ringi::pipeline
