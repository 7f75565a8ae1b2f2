#include "server/aws/credentials/fetch.hpp"

#include "handlers/ports/clock.hpp"
#include "server/aws/credentials/container.hpp"
#include "server/aws/credentials/instance.hpp"
#include "server/aws/credentials/process.hpp"
#include "server/aws/credentials/sso_credentials.hpp"
#include "server/aws/credentials/sts.hpp"

#include <utility>

namespace ringi::aws {
namespace {

// Credentials for one call of STS.
class Held : public Session {
 public:
  explicit Held(Credentials credentials) : credentials_(std::move(credentials)) {}
  Task<Result<Credentials>> credentials(Duration) override { co_return credentials_; }
  void reject(const std::string&) override {}

 private:
  Credentials credentials_;
};

class Fetch {
 public:
  explicit Fetch(const SourceWorld& world) : world_(world) {}

  Task<Result<Credentials>> operator()(StaticKeys source) const {
    co_return std::move(source.credentials);
  }

  Task<Result<Credentials>> operator()(ProfileRole source) const {
    const auto from = co_await fetch(world_, *source.from);
    if (from.has_error()) co_return from.error();
    auto caller = std::make_shared<Held>(*from);
    auto assumed = co_await assume_role(world_.client, std::move(caller),
                                        source.region.value_or(world_.region), source.request);
    co_return assumed;
  }

  Task<Result<Credentials>> operator()(WebIdentity source) const {
    auto token = world_.read_file(source.token_file);
    if (!token || token->empty())
      co_return error(Errc::unavailable, source.token_file + " holds no token, or cannot be read");
    WebIdentityRequest request{.role_arn = std::move(source.role_arn),
                               .session_name = std::move(source.session_name),
                               .token = config::Secret{*std::move(token)},
                               .duration = source.duration};
    auto assumed =
        co_await assume_role_with_web_identity(world_.client, world_.region, std::move(request));
    co_return assumed;
  }

  Task<Result<Credentials>> operator()(SingleSignOn source) const {
    const SsoWorld world{world_.client, world_.clock, world_.read_file, world_.replace_file,
                         world_.log};
    auto given = co_await fetch_by_sso(world, std::move(source));
    co_return given;
  }

  Task<Result<Credentials>> operator()(CredentialProcess source) const {
    return fetch_from_process(world_.run_program, world_.environment, std::move(source));
  }

  Task<Result<Credentials>> operator()(ContainerEndpoint source) const {
    return fetch_from_container(world_.metadata, world_.read_file, std::move(source));
  }

  Task<Result<Credentials>> operator()(InstanceMetadata source) const {
    return fetch_from_instance(world_.metadata, world_.clock, world_.random(), std::move(source));
  }

 private:
  const SourceWorld& world_;
};

}  // namespace

Task<Result<Credentials>> fetch(const SourceWorld& world, Source source) {
  const Fetch fetch{world};
  auto given = co_await std::visit(fetch, std::move(source.how));
  if (given.has_error()) {
    auto failed = given.error();
    failed.log.text = source.name + ": " + failed.log.text;
    co_return failed;
  }
  if (given->expires && *given->expires <= world.clock.now())
    co_return error(Errc::unavailable,
                    source.name + ": its credentials expired at " + rfc3339(*given->expires));
  co_return given;
}

}  // namespace ringi::aws
