#include "server/aws/credentials/system_sources.hpp"

#include "server/runtime/system.hpp"
#include "server/runtime/timers.hpp"

#include <utility>

namespace ringi::aws {

SourceWorld system_sources(Client& client, net::Transport& transport, const ports::Clock& clock,
                           Environment environment, Region region, observe::Log log) {
  return {.client = client,
          .metadata = {transport, runtime::sleep_for},
          .clock = clock,
          .random = runtime::chance,
          .read_file = read_file,
          .replace_file = replace_file,
          .run_program = runtime::run_program,
          .environment = std::move(environment),
          .region = std::move(region),
          .log = std::move(log)};
}

}  // namespace ringi::aws
