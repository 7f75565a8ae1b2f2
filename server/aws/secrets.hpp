#pragma once

#include "server/aws/client/environment.hpp"
#include "server/aws/client/session.hpp"
#include "server/config/secrets.hpp"
#include "server/net/curl_transport.hpp"
#include "server/observe/log.hpp"

#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace ringi::runtime {
class TaskGroup;
}

namespace ringi::aws {

class Client;

// "aws:secretsmanager:ARN[#json-key]" by GetSecretValue, in the region of its ARN; "aws:ssm:NAME"
// by GetParameter, decrypted. What AWS answered is never part of an error.
Task<Result<config::Secret>> fetch_secret(Client& client, std::shared_ptr<Session> session,
                                          Region region, config::Reference reference);

using FetchedSecrets = std::map<std::string, Result<config::Secret>>;  // by Reference::text()

// Several at a time, each reference once. What `tasks` was told to cancel is missing in the end.
Task<FetchedSecrets> fetch_secrets(Client& client, std::shared_ptr<Session> session, Region region,
                                   std::vector<config::Reference> references,
                                   runtime::TaskGroup& tasks);

// A source of all references: those of AWS are asked for with the base credentials, the others are
// the local source's. Blocking: it runs a loop of its own, on whatever thread asks, until `stop` is
// requested.
class Secrets final : public config::SecretSource {
 public:
  // REQUIRES: all of it outlives the source.
  Secrets(const config::Config& config, const Environment& environment,
          net::TransportOptions transport, config::SecretSource& local, observe::Log log,
          std::stop_token stop = {});

  // Asks AWS for those of them that are its, all together; find() then knows them.
  void fetch(const std::vector<config::Reference>& references);

  Result<config::Secret> find(const config::Reference& reference) override;

 private:
  Result<FetchedSecrets> ask_aws(std::vector<config::Reference> references);

  const config::Config& config_;
  const Environment& environment_;
  net::TransportOptions transport_;
  config::SecretSource& local_;
  observe::Log log_;
  std::stop_token stop_;
  FetchedSecrets known_;
};

}  // namespace ringi::aws
