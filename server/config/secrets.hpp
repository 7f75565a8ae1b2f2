#pragma once

#include "handlers/types/result.hpp"
#include "server/config/config.hpp"
#include "server/config/files.hpp"
#include "server/config/secret.hpp"

#include <map>
#include <vector>

namespace ringi::config {

// Where references are looked up. An error says why there is none, never what was found.
class SecretSource {
 public:
  virtual ~SecretSource() = default;
  virtual Result<Secret> find(const Reference& reference) = 0;
};

// "env:" and "file:"; a path is seen from the folder of the main file. "aws:" is an error here:
// that takes a client of AWS, which wraps this one.
class LocalSecrets : public SecretSource {
 public:
  // REQUIRES: `files` outlives it.
  LocalSecrets(Variables variables, Files& files, std::string main_file);
  Result<Secret> find(const Reference& reference) override;

 private:
  Variables variables_;
  Files& files_;
  std::string main_file_;
};

struct Secrets {
  Secret ledger_key;  // PEM
  std::vector<Secret> signing_secrets;
  Secret bot_token;
  std::map<AccountId, Secret> external_ids;
  Secret organization_external_id;  // of the accounts that have none of their own; may be empty
};

struct ResolvedSecrets {
  Secrets secrets;    // whole only without problems
  Problems problems;  // each names the key and the reference, never the value
};

// What a source found, as the secret that it is: a newline at the end, as editors and pipes leave
// it wherever a secret is kept, is not part of it.
Result<Secret> secret_in(std::string text);

bool is_local(const Reference& reference);  // "env:" or "file:"

// Every reference of the configuration: those of AWS can be fetched before they are resolved.
std::vector<Reference> secret_references(const Config& config);
// Names the key and the reference.
Problem missing(const Reference& reference, const Error& failure);
// What is missing of "env:" and "file:", for whoever asks nobody else: of a configuration with
// problems too.
Problems missing_local_secrets(const Config& config, SecretSource& source);
// Certificate, key and ca_bundle that cannot be read.
Problems missing_files(const Config& config, Files& files);

ResolvedSecrets resolve_secrets(const Config& config, SecretSource& source);

}  // namespace ringi::config
