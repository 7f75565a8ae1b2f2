#pragma once

#include "handlers/types/time.hpp"
#include "server/aws/client/session.hpp"

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace ringi::aws {

// AWS Signature Version 4 in its header form: a function of values (facts: IAM's signing page and
// aws-c-auth).

using Headers = std::vector<std::pair<std::string, std::string>>;

struct SigningRequest {
  std::string method;
  std::string path;   // as sent
  std::string query;  // as sent, without "?"
  Headers headers;    // all that are sent and may be signed; Host is among them
  std::string body;
};

struct SigningScope {
  std::string region;
  std::string service;  // the signing name, which may differ from the endpoint's prefix
};

struct SigningOptions {
  bool normalize_path = true;
  bool encode_path = true;          // once more than it is sent
  bool sign_body = false;           // adds x-amz-content-sha256
  bool omit_session_token = false;  // the token is sent, but not signed
};

struct Signed {
  std::string canonical_request;
  std::string string_to_sign;
  std::string signature;
  Headers headers;  // those to add to the request, Authorization last
};

// The derived key is the same for a whole day: kept per access key, day, region and service.
class SigningKeys {
 public:
  const std::string& key(const Credentials& credentials, std::string_view day,
                         const SigningScope& scope);

 private:
  using Name = std::tuple<std::string, std::string, std::string, std::string>;
  std::map<Name, config::Secret> keys_;
};

Signed sign(SigningRequest request, const Credentials& credentials, const SigningScope& scope,
            Time now, SigningKeys& keys, SigningOptions options = {});

}  // namespace ringi::aws
