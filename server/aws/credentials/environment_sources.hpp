#pragma once

#include "handlers/types/result.hpp"
#include "server/aws/client/environment.hpp"
#include "server/aws/credentials/source.hpp"

#include <optional>

namespace ringi::aws {

// The sources that the environment alone sets up. nullopt: it does not.

// AWS_ACCESS_KEY_ID and its companions.
Result<std::optional<Source>> keys_in(const Environment& environment);

// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, else _FULL_URI: https, or http to this machine and to the
// addresses of ECS and EKS.
Result<std::optional<Source>> container_in(const Environment& environment);

// Unless AWS_EC2_METADATA_DISABLED; AWS_EC2_METADATA_SERVICE_ENDPOINT and its _MODE.
Result<std::optional<Source>> instance_in(const Environment& environment);

}  // namespace ringi::aws
