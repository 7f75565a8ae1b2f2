#pragma once

#include "server/aws/client/environment.hpp"
#include "server/aws/client/retry.hpp"
#include "server/aws/credentials/files.hpp"
#include "server/aws/credentials/metadata.hpp"
#include "server/aws/credentials/source.hpp"
#include "server/observe/log.hpp"
#include "server/runtime/program.hpp"

namespace ringi::ports {
class Clock;
}

namespace ringi::aws {

class Client;

// What the sources of credentials need of the world; all of it outlives a fetch.
struct SourceWorld {
  Client& client;
  MetadataWorld metadata;
  const ports::Clock& clock;
  Random random;
  ReadFile read_file;
  ReplaceFile replace_file;
  runtime::RunProgram run_program;
  Environment environment;  // of programs
  Region region;            // where STS is asked, unless a profile says otherwise
  observe::Log log;
};

// Asks a source once. Never gives credentials that have expired already.
Task<Result<Credentials>> fetch(const SourceWorld& world, Source source);

}  // namespace ringi::aws
