#include "server/app/aws_side.hpp"

#include "server/observe/logger.hpp"
#include "server/runtime/timers.hpp"

#include <stdexcept>

namespace ringi::app {
namespace {

std::optional<std::string> whole_file(const std::string& path) {
  config::SystemFiles files;
  auto text = files.read(path);
  if (text.has_error()) return std::nullopt;
  return std::move(text).value();
}

aws::Endpoints endpoints_of(const Settings& settings, const aws::Environment& environment,
                            const observe::Log& log) {
  auto endpoints = aws::Endpoints::make(environment, settings.config.aws.allow_stand_ins);
  if (endpoints.has_error()) throw std::runtime_error(endpoints.error().log.text);
  for (const auto& name : endpoints->ignored())
    log->warn("{} is left aside: no service of AWS, or a host that ringi may not call", name);
  return std::move(endpoints).value();
}

aws::BaseSession::Load base_of(const Settings& settings, aws::Environment environment) {
  return [environment = std::move(environment), profile = settings.config.aws.profile] {
    return aws::load_base_credentials(environment, profile, whole_file);
  };
}

}  // namespace

AwsSide::AwsSide(World& world, Rows& rows, const Settings& settings,
                 const aws::Environment& environment)
    : client({*world.transport, world.clock, world.metrics, world.log, runtime::chance,
              runtime::uuid, runtime::sleep_for},
             endpoints_of(settings, environment, world.log)),
      base(std::make_shared<aws::BaseSession>(base_of(settings, environment))),
      realms({client, world.clock, world.tasks, runtime::chance, settings.config.aws.region}, base),
      calls(client, realms),
      certificates({*world.transport, world.clock, world.tasks, rows.copies, world.log}),
      verifier(topics, certificates, world.clock, settings.config.aws.certificate_urls),
      sns(verifier, rows.intake, world.metrics, world.log),
      confirmer(client, topics, rows.ledger) {
  configure(settings);
}

void AwsSide::configure(const Settings& settings) {
  auto accounts = accounts_of(settings);
  std::set<AccountId> ids;  // an unclassified one is registered too, though nothing reaches it
  std::set<Region> regions{settings.config.aws.region};
  for (const auto& account : settings.config.accounts) {
    ids.insert(account.facts.id);
    regions.insert(account.facts.regions.begin(), account.facts.regions.end());
  }
  topics.configure(settings.config.aws.topics, std::move(ids), regions);
  verifier.configure(settings.config.aws.certificate_urls);
  realms.configure(realms_of(settings.config), accounts, std::move(regions));
}

}  // namespace ringi::app
