#include "server/config/secrets.hpp"

#include <utility>

namespace ringi::config {
namespace {

class Resolver {
 public:
  Resolver(SecretSource& source, Problems& problems) : source_(source), problems_(problems) {}

  Secret operator()(const Reference& reference) {
    auto found = source_.find(reference);
    if (found.has_value()) return *std::move(found);
    problems_.push_back(missing(reference, found.error()));
    return Secret{};
  }

 private:
  SecretSource& source_;
  Problems& problems_;
};

}  // namespace

Result<Secret> secret_in(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (text.empty()) return error(Errc::invalid, "it is empty");
  return Secret{std::move(text)};
}

LocalSecrets::LocalSecrets(Variables variables, Files& files, std::string main_file)
    : variables_(std::move(variables)), files_(files), main_file_(std::move(main_file)) {}

Result<Secret> LocalSecrets::find(const Reference& reference) {
  if (reference.kind == Reference::Kind::environment) {
    auto value = variables_(reference.name);
    if (!value) return error(Errc::not_found, "the variable is not set");
    return secret_in(*std::move(value));
  }
  if (reference.kind == Reference::Kind::file) {
    auto text = files_.read(beside(main_file_, reference.name));
    if (text.has_error()) return text.error();
    return secret_in(*std::move(text));
  }
  return error(Errc::invalid, "only AWS can be asked for it");
}

bool is_local(const Reference& reference) {
  return reference.kind == Reference::Kind::environment || reference.kind == Reference::Kind::file;
}

std::vector<Reference> secret_references(const Config& config) {
  std::vector<Reference> references{config.ledger.key, config.slack.bot_token};
  for (const Reference& secret : config.slack.signing_secrets) references.push_back(secret);
  for (const Account& account : config.accounts) {
    if (account.external_id) references.push_back(*account.external_id);
  }
  if (config.organization.external_id) references.push_back(*config.organization.external_id);
  return references;
}

Problem missing(const Reference& reference, const Error& failure) {
  return {reference.place, reference.key, reference.text() + ": " + failure.log.text,
          "provide it or name another place"};
}

Problems missing_local_secrets(const Config& config, SecretSource& source) {
  Problems problems;
  for (const Reference& reference : secret_references(config)) {
    if (reference.name.empty() || !is_local(reference)) continue;
    const auto found = source.find(reference);
    if (found.has_error()) problems.push_back(missing(reference, found.error()));
  }
  return problems;
}

Problems missing_files(const Config& config, Files& files) {
  Problems problems;
  const auto check = [&](const std::string& path, const Place& place, const char* key) {
    if (path.empty()) return;
    const auto text = files.read(path);
    if (text.has_value()) return;
    problems.push_back(
        {place, key, path + ": " + text.error().log.text, "provide it or name another file"});
  };
  const Server& server = config.server;
  check(server.certificate, server.certificate_at, "server.certificate");
  check(server.private_key, server.private_key_at, "server.private_key");
  check(server.ca_bundle, server.ca_bundle_at, "server.ca_bundle");
  return problems;
}

ResolvedSecrets resolve_secrets(const Config& config, SecretSource& source) {
  ResolvedSecrets resolved;
  Resolver resolve{source, resolved.problems};
  Secrets& secrets = resolved.secrets;
  secrets.ledger_key = resolve(config.ledger.key);
  secrets.bot_token = resolve(config.slack.bot_token);
  for (const Reference& secret : config.slack.signing_secrets) {
    secrets.signing_secrets.push_back(resolve(secret));
  }
  for (const Account& account : config.accounts) {
    if (!account.external_id) continue;
    secrets.external_ids.emplace(account.facts.id, resolve(*account.external_id));
  }
  if (config.organization.external_id)
    secrets.organization_external_id = resolve(*config.organization.external_id);
  return resolved;
}

}  // namespace ringi::config
