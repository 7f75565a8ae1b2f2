#pragma once

#include "handlers/types/requests.hpp"
#include "handlers/types/resource.hpp"
#include "handlers/types/result.hpp"
#include "handlers/types/task.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ringi::ports {

using Seq = std::int64_t;  // of a ledger entry: 1, 2, 3 ...

struct Revision {
  std::string action, id;
};

// What an entry is about. Empty members are left out.
struct Subject {
  AccountId account;
  std::string account_name, environment;
  Region region;
  PipelineName pipeline;
  ExecutionId execution;
  std::string stage, action;
  std::string token;  // "sha256:<hex>": never the approval token itself
  std::vector<Revision> revisions;
};

// One entry before it has a number and a time. Contract section 6 gives the kinds and the fields.
struct Entry {
  std::string kind;   // "approval.decided"
  std::string phase;  // "intended", "done", "failed", "observed", or "" for a fact
  std::optional<Caller> actor;
  std::string principal;  // who acted where that was no Slack user: an ARN
  std::optional<Subject> target;
  std::string decision;
  std::string reason;                // redacted before it is appended
  std::vector<std::string> because;  // ids of the statements that matched
  SlackUser started_by;
  std::optional<Via> via;  // channel and message only
  std::string request;     // Delivery::id
  std::optional<Seq> of;   // the entry that this one closes
  std::string aws_request;
  std::string error;                           // the service's own code
  std::map<std::string, std::string> details;  // further facts; values are redacted like reasons

  std::string once;  // an append whose `once` is known returns the entry that is there
};

class Ledger {
 public:
  virtual ~Ledger() = default;
  // Committed, with a signed checkpoint, when this returns.
  virtual Task<Result<Seq>> append(Entry entry) = 0;
  // The entry that was appended with this `once`; nullopt: there is none.
  virtual Task<Result<std::optional<Seq>>> known(std::string once) = 0;
  // Newest first, at most `limit` entries as canonical JSON text. `filter` words are matched as
  // kind, user id, account, target, or "since" durations; see docs/ledger.md.
  virtual Task<Result<std::vector<std::string>>> recent(std::vector<std::string> filter,
                                                        int limit) = 0;
  // All entries about one execution, oldest first.
  virtual Task<Result<std::vector<std::string>>> about(ExecutionRef execution) = 0;
};

}  // namespace ringi::ports
