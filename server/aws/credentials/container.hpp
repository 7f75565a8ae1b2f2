#pragma once

#include "server/aws/credentials/files.hpp"
#include "server/aws/credentials/metadata.hpp"
#include "server/aws/credentials/source.hpp"

namespace ringi::aws {

// Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
Task<Result<Credentials>> fetch_from_container(const MetadataWorld& world,
                                               const ReadFile& read_file, ContainerEndpoint source);

}  // namespace ringi::aws
