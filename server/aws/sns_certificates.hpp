#pragma once

#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "server/aws/sns_certificate.hpp"
#include "server/observe/log.hpp"
#include "server/runtime/single_flight.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace ringi::net {
class Transport;
}
namespace ringi::ports {
class Clock;
}
namespace ringi::runtime {
class TaskGroup;
}
namespace ringi::store {
class Copies;
}

namespace ringi::aws {

// Signing certificates by URL: in memory (64, a day at most), then in the store, then by one fetch
// of up to 5 s that everyone waits for. A refusal stands for 60 s, another failure for 5 s: SNS
// gives up after few tries.
class SnsCertificates {
 public:
  struct World {
    net::Transport& transport;
    const ports::Clock& clock;
    runtime::TaskGroup& tasks;
    store::Copies& copies;
    observe::Log log;
  };
  explicit SnsCertificates(World world);

  // REQUIRES: certificate_host() allowed the URL for a topic of `region`, which is on the
  // allowlist. Errors: denied (the certificate is no good), unavailable (it cannot be had now).
  Task<Result<PublicKey>> key(std::string url, Region region, CertificateHost host);

 private:
  struct Kept {
    Result<PublicKey> key;
    Time until;
  };
  struct Wanted {
    std::string url;
    Region region;
    CertificateHost host;
  };
  Task<Result<PublicKey>> find(Wanted wanted);
  Task<std::optional<std::string>> from_store(const Wanted& wanted);  // still good, or none
  Task<Result<std::string>> fetch(const Wanted& wanted);
  Result<PublicKey> keep(const Wanted& wanted, const Result<std::string>& pem);
  void make_room();

  World world_;
  std::map<std::string, Kept> kept_;
  std::map<std::string, std::shared_ptr<runtime::Flight<PublicKey>>> flights_;
};

}  // namespace ringi::aws
