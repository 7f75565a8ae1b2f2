#pragma once

#include "server/aws/credentials/fetch.hpp"

namespace ringi::aws {

// The sources with this machine's own files, programs, timers and chance.
SourceWorld system_sources(Client& client, net::Transport& transport, const ports::Clock& clock,
                           Environment environment, Region region, observe::Log log);

}  // namespace ringi::aws
