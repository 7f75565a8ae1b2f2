#pragma once

#include "server/aws/client/retry.hpp"
#include "server/aws/credentials/metadata.hpp"
#include "server/aws/credentials/source.hpp"

namespace ringi::ports {
class Clock;
}

namespace ringi::aws {

// The instance profile's role, by IMDSv2 alone: version 1 gives credentials to whatever can make
// this machine send a GET. Expired ones are kept in use for some minutes, as the instance's
// metadata goes on serving them while AWS cannot renew them.
// Source: EC2 User Guide, "Use the Instance Metadata Service"; AWS SDKs and Tools Reference Guide,
// "IMDS credential provider".
Task<Result<Credentials>> fetch_from_instance(const MetadataWorld& world, const ports::Clock& clock,
                                              double random, InstanceMetadata source);

}  // namespace ringi::aws
