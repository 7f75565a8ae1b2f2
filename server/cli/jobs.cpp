#include "server/cli/jobs.hpp"

#include "server/cli/offline_store.hpp"
#include "server/store/job_list.hpp"

#include <fmt/format.h>

#include <functional>
#include <ostream>
#include <pwd.h>
#include <ranges>
#include <unistd.h>

namespace ringi::cli {
namespace {

constexpr std::size_t shown = 200;

using Act = std::function<int(OfflineStore&, store::JobList&)>;

int with_jobs(const JobsOptions& options, const Surroundings& surroundings, Access access,
              std::ostream& err, const Act& act) {
  const auto config = load_or_tell(options.config, surroundings, err);
  if (!config) return wrong_usage;
  auto offline = open_offline(*config, surroundings, access);
  if (offline.has_error()) {
    err << "ringi: " << offline.error().log.text << "\n";
    return wrong_usage;
  }
  store::JobList jobs{*(*offline)->store};
  return act(**offline, jobs);
}

int change_one(const JobsOptions& options, const Surroundings& surroundings, std::ostream& out,
               std::ostream& err,
               const std::function<Task<Result<void>>(store::JobList&, OpaqueId)>& change) {
  const auto id = OpaqueId::parse(options.id);
  if (!id) {
    err << "ringi: " << options.id << " is no job's id, ID, take one from ringi jobs list\n";
    return wrong_usage;
  }
  return with_jobs(
      options, surroundings, Access::write, err, [&](OfflineStore& offline, store::JobList& jobs) {
        const auto done = offline.run(change(jobs, *id));
        if (done.has_error()) {
          err << "ringi: " << done.error().log.text << ", ID, take one from ringi jobs list\n";
          return not_ok;
        }
        out << "ok\n";
        return ok;
      });
}

// Who sits at the command line, for the ledger.
std::string operator_name() {
  const auto* entry = getpwuid(getuid());
  return entry != nullptr ? entry->pw_name : "uid " + std::to_string(getuid());
}

}  // namespace

int run_jobs_list(const JobsOptions& options, const Surroundings& surroundings, std::ostream& out,
                  std::ostream& err) {
  return with_jobs(
      options, surroundings, Access::read, err, [&](OfflineStore&, store::JobList& jobs) {
        const auto rows = jobs.list(static_cast<int>(shown) + 1);
        if (rows.has_error()) {
          err << "ringi: " << rows.error().log.text << "\n";
          return wrong_usage;
        }
        out << fmt::format("{:26}  {:8}  {:20}  {:24}  {:>5}  {}\n", "id", "state", "kind",
                           "received", "tries", "error");
        for (const auto& row : rows.value() | std::views::take(shown)) {
          out << fmt::format("{:26}  {:8}  {:20}  {:24}  {:>5}  {}\n", row.id.str(), row.state,
                             row.kind, rfc3339(row.received), row.attempts, row.error);
        }
        if (rows->size() > shown)
          out << fmt::format("Only the first {} are shown: there are more.\n", shown);
        return ok;
      });
}

int run_jobs_retry(const JobsOptions& options, const Surroundings& surroundings, std::ostream& out,
                   std::ostream& err) {
  return change_one(options, surroundings, out, err,
                    [](store::JobList& jobs, OpaqueId id) { return jobs.retry(std::move(id)); });
}

int run_jobs_drop(const JobsOptions& options, const Surroundings& surroundings, std::ostream& out,
                  std::ostream& err) {
  return change_one(options, surroundings, out, err, [&](store::JobList& jobs, OpaqueId id) {
    return jobs.drop(std::move(id), operator_name(), options.reason);
  });
}

}  // namespace ringi::cli
