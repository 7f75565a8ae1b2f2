#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/result.hpp"
#include "server/aws/environment.hpp"
#include "server/aws/service.hpp"

#include <map>
#include <string>
#include <vector>

namespace ringi::aws {

struct Endpoint {
  std::string url;   // sent byte for byte
  std::string host;  // the Host header, which is signed
  std::string path;  // signed too
};

// Where each service is reached. Immutable.
class Endpoints {
 public:
  // Reads AWS_ENDPOINT_URL and AWS_ENDPOINT_URL_<SERVICE>. Unless `allow_stand_ins`, they may name
  // only AWS's own hosts (VPC endpoints too) or this machine; http is for this machine alone. One
  // of a service that ringi never calls is only remarked upon.
  static Result<Endpoints> make(const Environment& environment, bool allow_stand_ins);

  Endpoint resolve(const Service& service, const Region& region) const;

  // Variables that were left aside, for a warning.
  const std::vector<std::string>& ignored() const { return ignored_; }

 private:
  std::map<std::string, std::string, std::less<>>
      overrides_;  // service id, "" for all -> base address
  std::vector<std::string> ignored_;
};

}  // namespace ringi::aws
