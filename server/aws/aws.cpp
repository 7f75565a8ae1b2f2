#include "server/aws/aws.hpp"

#include "server/aws/client/client.hpp"
#include "server/aws/realms.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace ringi::aws {

Aws::Aws(Client& client, Realms& realms) : client_(client), realms_(realms) {}

Task<Result<nlohmann::json>> Aws::call(ports::AwsTarget target, ports::AwsCall call,
                                       nlohmann::json input) {
  if (!realms_.reaches(target.region))
    co_return error(Errc::invalid,
                    "AWS is not known to have the region " + target.region.str() + ".");
  auto session = realms_.session(target.account, target.actions, target.acting);
  if (!session) co_return session.error();
  Invocation what{.service = std::move(call.service),
                  .operation = std::move(call.operation),
                  .region = std::move(target.region),
                  .retry = call.retry,
                  .deadline = call.deadline};
  auto output = co_await client_.call(std::move(*session), std::move(what), std::move(input));
  co_return output;
}

}  // namespace ringi::aws
