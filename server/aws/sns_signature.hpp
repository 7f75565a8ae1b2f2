#pragma once

#include "server/aws/sns_certificate.hpp"

#include <string>

namespace ringi::aws {

struct SnsEnvelope;

// "Key\nValue\n" for each signed member, in byte order.
std::string string_to_sign(const SnsEnvelope& envelope);

// RSA PKCS#1 v1.5 with SHA-1 (version 1) or SHA-256 (version 2). The version itself is not signed,
// so one that fails is never tried as the other.
bool signature_holds(const SnsEnvelope& envelope, const PublicKey& key);

}  // namespace ringi::aws
