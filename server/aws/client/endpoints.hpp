#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/result.hpp"
#include "server/aws/client/environment.hpp"
#include "server/aws/models/model.hpp"
#include "server/aws/protocol/wire.hpp"

#include <map>
#include <string>
#include <vector>

namespace ringi::aws {

struct Endpoint {
  std::string scheme;
  std::string host;            // the Host header, which is signed
  std::string signing_region;  // of a service with one home, that one
  std::string path = "/";      // signed too
  std::string query = {};
  bool takes_host_prefix = true;

  std::string url() const;  // sent byte for byte
  // For one request: its path goes after this one, its prefix before the host.
  Endpoint with(const WireRequest& request) const;
};

// Where each service is reached. Immutable.
class Endpoints {
 public:
  // Reads AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_<SERVICE>. Unless `allow_stand_ins`, they may name
  // only AWS's own hosts (VPC endpoints too) or this machine; http is for this machine alone. One
  // that names another host is an error where ringi cannot do without the service, else at a call.
  static Result<Endpoints> make(const Environment& environment, bool allow_stand_ins);

  // Errc::denied: a variable sends the service's calls where they must not go.
  Result<Endpoint> resolve(const Model& service, const Region& region) const;

  // Variables that were left aside, for a warning.
  std::vector<std::string> ignored() const;

 private:
  std::map<std::string, std::string, std::less<>>
      overrides_;  // service id, "" for all -> base address
  std::map<std::string, std::string, std::less<>> refused_;  // service id -> why
  std::vector<std::string> unknown_;                         // of no service
};

}  // namespace ringi::aws
