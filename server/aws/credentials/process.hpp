#pragma once

#include "server/aws/client/environment.hpp"
#include "server/aws/credentials/source.hpp"
#include "server/runtime/program.hpp"

namespace ringi::aws {

constexpr std::chrono::seconds longest_process{60};  // then it is killed

// Without an expiry the credentials are kept until AWS refuses them.
// Source: AWS SDKs and Tools Reference Guide, "Process credential provider".
Task<Result<Credentials>> fetch_from_process(const runtime::RunProgram& run,
                                             const Environment& environment,
                                             CredentialProcess source);

}  // namespace ringi::aws
