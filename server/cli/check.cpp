#include "server/cli/check.hpp"

#include "server/aws/credentials/plan.hpp"
#include "server/config/load.hpp"
#include "server/config/report.hpp"
#include "server/config/secrets.hpp"
#include "server/config/warnings.hpp"
#include "server/http/tls.hpp"
#include "server/ledger/key.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <ostream>
#include <utility>

namespace ringi::cli {
namespace {

using config::Config;
using config::Problems;

void check_files(const Config& checked, config::Files& files, Problems& problems) {
  const auto missing = config::missing_files(checked, files);
  std::ranges::copy(missing, std::back_inserter(problems));
  const auto& server = checked.server;
  if (!missing.empty() || server.certificate.empty() || server.private_key.empty()) return;
  const auto tls = http::make_tls_context({server.certificate, server.private_key});
  if (tls.has_value()) return;
  problems.push_back({server.certificate_at, "server.certificate", tls.error().log.text,
                      "name a certificate and its own key, in PEM"});
}

void check_secrets(const Config& checked, config::SecretSource& source, Problems& problems) {
  const auto missing = config::missing_local_secrets(checked, source);
  std::ranges::copy(missing, std::back_inserter(problems));
  const auto& reference = checked.ledger.key;
  if (reference.name.empty() || checked.ledger.origin.empty() || !config::is_local(reference))
    return;
  const auto pem = source.find(reference);
  if (pem.has_error()) return;  // told already
  const auto key = ledger::SigningKey::from_pem(checked.ledger.origin, pem->reveal());
  if (key.has_value()) return;
  problems.push_back({reference.place, reference.key, key.error().log.text,
                      "make one: openssl genpkey -algorithm ed25519"});
}

void check_credentials(const Config& checked, const Result<aws::Plan>& plan, Problems& problems) {
  if (plan.has_error())
    problems.push_back({checked.aws.profile_at, "aws.profile", plan.error().log.text,
                        "set up one source of AWS credentials, or mend this one"});
}

void print_credentials(const aws::Plan& plan, std::ostream& out) {
  out << "AWS credentials: " << plan.source.name << "\n";
  for (const auto& [source, why] : plan.passed_over)
    out << "  not " << source << ": " << why << "\n";
}

nlohmann::json as_json(const aws::Plan& plan) {
  auto passed_over = nlohmann::json::array();
  for (const auto& [source, why] : plan.passed_over)
    passed_over.push_back({{"source", source}, {"why", why}});
  return {{"source", plan.source.name}, {"passed_over", std::move(passed_over)}};
}

void print_summary(const Config& checked, std::ostream& out) {
  out << "ok: " << checked.file << ", " << checked.hash << "\n"
      << checked.accounts.size() << " accounts"
      << (checked.organization.discover ? " and those of AWS Organizations, " : ", ")
      << checked.teams.size() << " teams, " << checked.environments.size() << " environments, "
      << checked.policy.size() << " policy rows\n";
}

}  // namespace

int run_check(const CheckOptions& options, const Surroundings& surroundings, std::ostream& out,
              std::ostream& err) {
  if (!options.offline) {
    err << "ringi: check of Slack and AWS: not in this version, check, add --offline\n";
    return wrong_usage;
  }
  if (!is_there(options.config, surroundings.files, err)) return wrong_usage;
  auto [loaded, as_read, problems] = config::load(options.config, surroundings.files);
  config::LocalSecrets source{surroundings.variables, surroundings.files, as_read.file};
  check_secrets(as_read, source, problems);
  check_files(as_read, surroundings.files, problems);
  const auto plan = aws::plan_credentials(options.environment, as_read.aws.profile, aws::read_file);
  check_credentials(as_read, plan, problems);
  config::sort(problems, as_read.file);
  Problems warnings;
  if (loaded) warnings = config::warnings_of(*loaded, surroundings.files);
  if (options.json) {
    auto report = config::json_report(problems, warnings);
    if (plan) report["aws_credentials"] = as_json(*plan);
    out << config::printed(report);
  } else {
    err << config::text_report(problems, warnings);
    if (problems.empty()) {
      print_summary(*loaded, out);
      print_credentials(*plan, out);
    }
  }
  return problems.empty() ? ok : not_ok;
}

}  // namespace ringi::cli
