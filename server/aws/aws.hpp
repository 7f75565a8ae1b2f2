#pragma once

#include "handlers/ports/aws.hpp"

namespace ringi::aws {

class Client;
class Realms;

// ports::Aws: the account's session, then the call.
class Aws : public ports::Aws {
 public:
  Aws(Client& client, Realms& realms);
  Task<Result<nlohmann::json>> call(ports::AwsTarget target, ports::AwsCall call,
                                    nlohmann::json input) override;

 private:
  Client& client_;
  Realms& realms_;
};

}  // namespace ringi::aws
