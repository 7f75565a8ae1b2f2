#pragma once

#include "handlers/types/result.hpp"
#include "server/aws/client/environment.hpp"
#include "server/aws/credentials/files.hpp"
#include "server/aws/credentials/source.hpp"

#include <string>
#include <vector>

namespace ringi::aws {

struct PassedOver {
  std::string source;
  std::string why;
};

// Where the server's own credentials come from, and why not from what stands before it.
struct Plan {
  Source source;
  std::vector<PassedOver> passed_over;
};

// The AWS SDKs' default chain, as botocore orders it: the environment; a profile's role; web
// identity; single sign-on; keys of the credentials file; credential_process; keys of the config
// file; the container's endpoint; the instance's metadata. The first that is set up wins, and what
// is wrong with it is an error: nothing falls through to other credentials. `profile` of our own
// configuration goes before the environment; else AWS_PROFILE, else "default". Asks no network.
// Source: AWS SDKs and Tools Reference Guide, "Standardized credential providers".
Result<Plan> plan_credentials(const Environment& environment, const std::string& profile,
                              const ReadFile& read_file);

// "environment: AWS_ACCESS_KEY_ID is not set; profile default: …"
std::string text_of(const std::vector<PassedOver>& passed_over);

}  // namespace ringi::aws
