#pragma once

#include "handlers/ports/aws.hpp"
#include "tests/unit/handlers/fakes/ports.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ringi::fakes {

// One pipeline "web" with Source, Approve and Deploy, in every account and region; with AWS's own
// error names.
struct FakeCodePipeline : ports::Aws {
  using json = nlohmann::json;
  Fate* fate = nullptr;
  struct Run {
    std::string id, token, status = "InProgress", approval = "InProgress", summary, decided_by,
                           trigger;
  };
  std::vector<Run> runs;
  std::map<std::string, std::string> by_request_token;
  int decisions = 0;                                   // PutApprovalResult that took effect
  std::vector<std::string> summaries;                  // of every PutApprovalResult
  std::map<std::string, std::vector<Error>> failures;  // operation -> what its next calls answer
  std::optional<int> timeout_minutes;                  // of the approval; none: AWS's own
  int version = 3;                                     // of the pipeline
  std::map<std::string, int> asked;                    // operation -> calls
  bool lose_answers = false;  // PutApprovalResult takes effect, and its answer is lost
  std::string mode = "SUPERSEDED";
  std::size_t page = 100;  // at most so many executions in one answer
  std::vector<std::string> acting;
  std::set<std::pair<ports::IamActions, std::string>> sessions;  // what each may do, and for whom
  std::string slow;  // this account answers ListPipelines after `others` more were asked for theirs
  int others = 0;
  std::function<void()> while_it_answers;  // what happens elsewhere before the answer is there

  static std::string uuid(int n);
  static Error fault(Errc code, std::string name);

  // json converts from and to everything: a Result of it has to be told.
  static Result<json> ok(json output) { return {boost::system::in_place_value, std::move(output)}; }

  Run& begin(const std::string& trigger);
  Run* find(const std::string& id);

  Task<Result<json>> call(ports::AwsTarget target, ports::AwsCall call, json input) override;

  Result<json> answer(const ports::AwsTarget& target, const std::string& operation,
                      const json& input);

  Result<json> start(const ports::AwsTarget& target, const json& input);

  Result<json> put(const ports::AwsTarget& target, const json& input);

  static void decide(Run& run, bool approved, const std::string& summary, const std::string& by);

  json definition() const;
  json execution(const Run& run) const;
  static json action(const std::string& stage, const std::string& name, const std::string& category,
                     const std::string& status, const Run& run);
  static json actions(const Run& run);
  json state() const;
  json history(const json& input) const;
};

}  // namespace ringi::fakes
