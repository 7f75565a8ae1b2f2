#include "server/app/aws_side.hpp"

#include "server/aws/credentials/system_sources.hpp"
#include "server/observe/logger.hpp"
#include "server/runtime/timers.hpp"

#include <stdexcept>

namespace ringi::app {
namespace {

aws::Endpoints endpoints_of(const Settings& settings, const aws::Environment& environment,
                            const observe::Log& log) {
  auto endpoints = aws::Endpoints::make(environment, settings.config.aws.allow_stand_ins);
  if (endpoints.has_error()) throw std::runtime_error(endpoints.error().log.text);
  for (const auto& name : endpoints->ignored())
    log->warn("{} is left aside: no service of AWS, or a host that ringi may not call", name);
  return std::move(endpoints).value();
}

aws::FreshWorld freshness(World& world) {
  return {world.clock, world.tasks, runtime::chance, world.log};
}

}  // namespace

AwsSide::AwsSide(World& world, Rows& rows, const Settings& settings,
                 const aws::Environment& environment)
    : client({*world.transport, world.clock, world.metrics, world.log, runtime::chance,
              runtime::uuid, runtime::sleep_for},
             endpoints_of(settings, environment, world.log)),
      base(aws::base_session(freshness(world),
                             aws::system_sources(client, *world.transport, world.clock, environment,
                                                 settings.config.aws.region, world.log),
                             settings.config.aws.profile)),
      realms({freshness(world), client, settings.config.aws.region}, base),
      calls(client, realms),
      certificates({*world.transport, world.clock, world.tasks, rows.copies, world.log}),
      verifier(topics, certificates, world.clock, settings.config.aws.certificate_urls),
      sns(verifier, rows.intake, world.metrics, world.log),
      sqs(verifier, rows.intake),
      confirmer(client, topics, rows.ledger) {}

void AwsSide::configure(const Settings& settings, const std::vector<access::Account>& accounts) {
  const auto& config = settings.config;
  std::set<AccountId> ids;  // an unclassified one is registered too, though nothing reaches it
  std::set<Region> regions{config.aws.region};
  for (const auto& account : accounts) {
    ids.insert(account.id);
    regions.insert(account.regions.begin(), account.regions.end());
  }
  topics.configure(config.aws.topics, std::move(ids), regions);
  verifier.configure(config.aws.certificate_urls);
  realms.configure(realms_of(config), ways_into(settings, accounts), std::move(regions));
}

}  // namespace ringi::app
