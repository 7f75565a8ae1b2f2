#pragma once

#include "handlers/types/id.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"
#include "handlers/types/time.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <set>
#include <string>

namespace ringi::ports {

// Each as a policy names it, without a wildcard: "codepipeline:GetPipelineState".
using IamActions = std::set<std::string>;

// Where a call is made, and with which session: one that may do these actions and nothing else,
// whatever more the account's role may do.
struct AwsTarget {
  AccountId account;
  Region region;
  IamActions actions;  // none: the call is denied
  std::optional<SlackUser>
      acting;  // a write: the session bears this person's id; a read leaves it empty
};

struct AwsCall {
  std::string service;    // "codepipeline"
  std::string operation;  // "StartPipelineExecution"
  bool retry = true;      // false: one try only; a lost answer is then Errc::unknown_outcome
  Duration deadline = std::chrono::seconds{10};  // shared by all tries
};

// Every call into AWS. Errors: service_code holds AWS's own code; Errc::denied for AccessDenied,
// accounts without a realm and targets without an action; unknown_outcome when a request was sent
// and no answer came.
class Aws {
 public:
  virtual ~Aws() = default;
  // Input and output bear AWS's names; times are RFC 3339 text, blobs base64 text. The output has
  // the request id under "__request_id".
  virtual Task<Result<nlohmann::json>> call(AwsTarget target, AwsCall call,
                                            nlohmann::json input) = 0;
};

}  // namespace ringi::ports
