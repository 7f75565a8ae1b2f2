#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/time.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace ringi::aws {

struct TopicArn;

using PublicKey = std::shared_ptr<evp_pkey_st>;

struct SigningCertificate {
  PublicKey key;
  Time not_before;
  Time not_after;
  bool unexpected_name = false;  // in a region that we do not know: for the log
};

// Whose certificates are believed.
enum class CertificateHost { none, sns, stand_in };

// "https://sns.<region>.<suffix>/SimpleNotificationService-<32 hex>.pem" byte for byte, region and
// suffix of the topic; or one file name below one of the further prefixes, which have a path.
CertificateHost certificate_host(std::string_view url, const TopicArn& topic,
                                 const std::vector<std::string>& further_prefixes);

// Exactly one PEM certificate with an RSA key of 2,048 bits or more, valid at `now`, and for SNS's
// own with the name that SNS bears in that region. Errors: unavailable (cannot be verified now: no
// certificate at all, as from a portal or a proxy, or dates that do not hold by our clock), denied.
Result<SigningCertificate> read_certificate(const std::string& pem, const Region& region,
                                            CertificateHost host, Time now);

}  // namespace ringi::aws
