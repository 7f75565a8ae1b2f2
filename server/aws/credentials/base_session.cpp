#include "server/aws/credentials/base_session.hpp"

#include "server/observe/logger.hpp"

#include <utility>
#include <variant>

namespace ringi::aws {
namespace {

struct Chain {
  SourceWorld world;
  std::string profile;
  std::string told;  // the source that was logged
};

// Operators read the log; who waits for an answer in Slack can do nothing about it. It passes as
// soon as somebody mends it, and says nothing of what AWS thinks of the call that waits.
Error without_credentials(Error failed) {
  failed.log.text = "AWS credentials: " + failed.log.text;
  failed.service_code.clear();
  if (!is_transient(failed.code) && failed.code != Errc::cancelled) failed.code = Errc::unavailable;
  failed.person.text = "ringi has no AWS credentials of its own at the moment; its log says why.";
  return failed;
}

Task<Result<Credentials>> fetch_by(std::shared_ptr<Chain> chain) {
  const auto& world = chain->world;
  auto plan = plan_credentials(world.environment, chain->profile, world.read_file);
  if (plan.has_error()) co_return without_credentials(plan.error());
  const auto passed_over = text_of(plan->passed_over);
  if (std::exchange(chain->told, plan->source.name) != plan->source.name)
    world.log->info("AWS credentials: {} ({})", plan->source.name,
                    passed_over.empty() ? "the first choice" : passed_over);
  const bool last_resort = std::holds_alternative<InstanceMetadata>(plan->source.how);
  auto given = co_await fetch(world, std::move(plan->source));
  if (given) co_return given;
  auto failed = without_credentials(given.error());
  if (last_resort) failed.log.text += "; " + passed_over;
  co_return failed;
}

}  // namespace

std::shared_ptr<Session> base_session(FreshWorld fresh, SourceWorld sources, std::string profile) {
  auto chain = std::make_shared<Chain>(Chain{std::move(sources), std::move(profile), {}});
  auto fetch = [chain = std::move(chain)] { return fetch_by(chain); };
  return std::make_shared<FreshSession>(std::move(fresh), "AWS credentials", std::move(fetch));
}

}  // namespace ringi::aws
