#include "server/cli/command_line.hpp"

#include "server/app/serve.hpp"
#include "server/app/settings.hpp"
#include "server/cli/audit.hpp"
#include "server/cli/check.hpp"
#include "server/cli/jobs.hpp"
#include "server/cli/offline_store.hpp"
#include "server/cli/policy.hpp"
#include "server/cli/usage.hpp"
#include "server/runtime/system.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ringi::cli {
namespace {

// What all subcommands share while the arguments are parsed.
struct Line {
  std::string config;
  runtime::SystemClock clock;
  config::SystemFiles files;
  int exit_code = ok;

  Surroundings surroundings() { return {files, config::process_variables(), clock.now()}; }
};

void refuse_option(CLI::App& verb, const std::string& name) {
  const auto refused = [name](const CLI::results_t&) -> bool {
    throw CLI::ValidationError{name + ": not in this version"};
  };
  verb.add_option(name, refused)->expected(0, 1)->group("");
}

void add_serve(CLI::App& app, Line& line) {
  const auto level = std::make_shared<std::string>("info");
  auto* serve = app.add_subcommand("serve", "Runs the server in the foreground");
  for (const auto* later : {"--checkpoint", "--accept-restored"}) refuse_option(*serve, later);
  serve->add_option("--log-level", *level, "debug, info, warn or err")->capture_default_str();
  serve->callback([&line, level] {
    line.exit_code = wrong_usage;
    if (!is_there(line.config, line.files, std::cerr)) return;
    line.exit_code = app::serve({.config = line.config, .log_level = *level});
  });
}

void add_check(CLI::App& app, Line& line) {
  const auto options = std::make_shared<CheckOptions>();
  auto* check = app.add_subcommand("check", "Validates the configuration: every problem at once");
  check->add_flag("--offline", options->offline, "Asks neither Slack nor AWS");
  check->add_flag("--json", options->json, "Problems as JSON");
  check->callback([&line, options] {
    options->config = line.config;
    options->environment = app::process_environment();
    line.exit_code = run_check(*options, line.surroundings(), std::cout, std::cerr);
  });
}

using PolicyRun = int (*)(const PolicyOptions&, const Surroundings&, Remembered&, std::ostream&,
                          std::ostream&);

CLI::App* add_policy_verb(CLI::App& policy, Line& line,
                          const std::shared_ptr<PolicyOptions>& options,
                          const std::pair<const char*, const char*>& named, PolicyRun run) {
  auto* verb = policy.add_subcommand(named.first, named.second);
  verb->callback([&line, options, run] {
    options->config = line.config;
    const auto config = load_or_tell(line.config, line.surroundings(), std::cerr);
    if (!config) {
      line.exit_code = wrong_usage;
      return;
    }
    const auto copies = open_copies(*config, line.surroundings());
    line.exit_code = run(*options, line.surroundings(), *copies, std::cout, std::cerr);
  });
  return verb;
}

void add_policy(CLI::App& app, Line& line) {
  const auto options = std::make_shared<PolicyOptions>();
  auto* policy = app.add_subcommand("policy", "Who may do what, and why");
  policy->require_subcommand(1);
  auto* explain = add_policy_verb(
      *policy, line, options, {"explain", "Which statements match, and why"}, run_policy_explain);
  explain->add_option("--user", options->user, "A Slack user's id")->required();
  auto* who = add_policy_verb(*policy, line, options, {"who", "Who may"}, run_policy_who);
  for (auto* verb : {explain, who}) {
    verb->add_option("--action", options->action, "start, read, approve or audit")->required();
    verb->add_option("--target", options->target, "ACCOUNT/PIPELINE[@REGION]");
  }
  add_policy_verb(*policy, line, options,
                  {"show", "All statements that the configuration expands to"}, run_policy_show);
}

using JobsRun = int (*)(const JobsOptions&, const Surroundings&, std::ostream&, std::ostream&);

CLI::App* add_jobs_verb(CLI::App& jobs, Line& line, const std::shared_ptr<JobsOptions>& options,
                        const std::pair<const char*, const char*>& named, JobsRun run) {
  auto* verb = jobs.add_subcommand(named.first, named.second);
  verb->callback([&line, options, run] {
    options->config = line.config;
    line.exit_code = run(*options, line.surroundings(), std::cout, std::cerr);
  });
  return verb;
}

void add_jobs(CLI::App& app, Line& line) {
  const auto options = std::make_shared<JobsOptions>();
  auto* jobs = app.add_subcommand("jobs", "What waits, and what failed for good");
  jobs->require_subcommand(1);
  add_jobs_verb(*jobs, line, options, {"list", "Dead letters first, then what waits or runs"},
                run_jobs_list);
  auto* retry =
      add_jobs_verb(*jobs, line, options, {"retry", "A dead letter waits again"}, run_jobs_retry);
  auto* drop = add_jobs_verb(*jobs, line, options, {"drop", "Deletes a job, and writes that down"},
                             run_jobs_drop);
  for (auto* verb : {retry, drop}) verb->add_option("ID", options->id, "The job's id")->required();
  drop->add_option("--reason", options->reason, "Why, for the ledger")->required();
}

// Subcommands of later versions are refused plainly, never taken for a typing error.
void refuse(CLI::App& app, Line& line, const char* name) {
  auto* later = app.add_subcommand(name, "Not in this version");
  later->group("")->allow_extras()->fallthrough(false);
  later->callback([&line, name] {
    std::cerr << "ringi: " << name << ": not in this version, ringi " << name
              << ", see ringi --help\n";
    line.exit_code = wrong_usage;
  });
}

AuditParts audit_parts(Line& line) {
  const auto open = [&line]() -> std::optional<OpenLedger> {
    const auto config = load_or_tell(line.config, line.surroundings(), std::cerr);
    if (!config) return std::nullopt;
    auto opened = open_ledger(*config, line.surroundings());
    if (opened.has_value()) return std::move(opened).value();
    std::cerr << "ringi: " << opened.error().log.text << "\n";
    return std::nullopt;
  };
  return {open, line.clock, line.exit_code};
}

}  // namespace

int run(int argc, char** argv) {
  CLI::App app{"Deployments and approvals in Slack, for AWS"};
  app.name("ringi");
  app.set_version_flag("--version", "ringi " RINGI_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  Line line;
  app.add_option("--config", line.config, "The configuration file")->envname("RINGI_CONFIG");
  add_serve(app, line);
  add_check(app, line);
  add_audit(app, audit_parts(line));
  add_policy(app, line);
  add_jobs(app, line);
  for (const auto* name : {"init", "manifest", "alerts"}) refuse(app, line, name);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return app.exit(asked);
  } catch (const CLI::ParseError& wrong) {
    std::cerr << "ringi: " << what_is_wrong(app, wrong) << "\n";
    return wrong_usage;
  }
  return line.exit_code;
}

}  // namespace ringi::cli
