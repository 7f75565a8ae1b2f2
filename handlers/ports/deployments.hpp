#pragma once

#include "handlers/ports/ledger.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ringi::ports {

// One followed pipeline execution: what ringi itself knows of it. Its state is AWS's to tell.
struct Execution {
  ExecutionRef ref;
  SlackUser started_by;  // empty: started elsewhere
  Seq first_entry = 0;   // the "ringi #N" of the card
  bool has_card = false;
  bool finished = false;
  Time seen;                          // when ringi came to know it
  std::optional<Time> missing_since;  // AWS has not found it since then
};

struct Approval {
  enum class State { waiting, decided, applied, overtaken, failed, expired, superseded };
  enum class Verdict { none, approved, rejected };

  OpaqueId id;  // what the buttons bear
  ExecutionRef execution;
  std::string stage, action;
  std::string token;  // AWS's; goes to AWS only
  State state = State::waiting;
  Verdict verdict = Verdict::none;
  Caller decided_by;
  std::string reason;
  std::string summary;  // byte for byte what PutApprovalResult sends, now and at any repeat
  Seq requested = 0;    // ledger entries
  Seq decided = 0;
  Time found, decided_at;
};

struct NewApproval {
  OpaqueId id;
  ExecutionRef execution;
  std::string stage, action, token;
};

struct Decision {
  OpaqueId approval;
  Approval::Verdict verdict;
  Caller by;
  std::string reason;
  std::string summary_prefix;  // the store adds the entry's number: "... (ringi #1042)"
  Entry entry;                 // approval.decided, intended
  Chore apply;                 // enqueued in the same commit
};

struct Decided {
  bool won = false;  // false: somebody decided before; `row` says who
  Approval row;
};

// Rows about deployments. Every method is one commit; what belongs together is in one.
class Deployments {
 public:
  virtual ~Deployments() = default;

  // Inserts the row, or returns the one that is there. A known starter is never overwritten by
  // none.
  virtual Task<Result<Execution>> follow(Execution execution) = 0;
  virtual Task<Result<std::optional<Execution>>> execution(ExecutionRef ref) = 0;
  virtual Task<Result<std::vector<Execution>>> unfinished() = 0;
  // AWS did not find it at `now`; returns since when that is so without a break.
  virtual Task<Result<Time>> missed(ExecutionRef ref, Time now) = 0;
  virtual Task<Result<void>> found_again(ExecutionRef ref) = 0;
  // Sets finished and appends `entry` (pipeline.finished) unless it is finished already.
  virtual Task<Result<void>> finish(ExecutionRef ref, Entry entry) = 0;

  // One row for each token: inserts and appends `requested`, or returns the row that is there.
  virtual Task<Result<Approval>> found(NewApproval approval, Entry requested) = 0;
  virtual Task<Result<std::optional<Approval>>> approval(OpaqueId id) = 0;
  virtual Task<Result<std::vector<Approval>>> approvals(ExecutionRef execution) = 0;
  // Those that wait for a decision, or whose decision is not applied yet.
  virtual Task<Result<std::vector<Approval>>> open_approvals() = 0;

  // The compare-and-set of contract section 3: waiting -> decided, once, with its ledger entry.
  virtual Task<Result<Decided>> decide(Decision decision) = 0;
  // An entry that closes the decision (`of`): decided -> `state`; any other: waiting -> `state`.
  // With its entry, and `then` enqueued; false: the row was in another state, and nothing was
  // written.
  virtual Task<Result<bool>> close(OpaqueId approval, Approval::State state, Entry entry,
                                   std::optional<Chore> then) = 0;

  // A production start that waits for its button. `words` is the command to carry out.
  struct Confirmation {
    OpaqueId id;
    SlackUser user;
    std::string words;
    Time expires;
  };
  enum class Taken { yes, used_before, expired, not_yours, unknown };
  virtual Task<Result<void>> ask(Confirmation confirmation) = 0;
  // Works once; the same `by` delivery asked again gets the same answer.
  virtual Task<Result<std::pair<Taken, Confirmation>>> take(OpaqueId id, SlackUser user,
                                                            OpaqueId by) = 0;
  // Undoes take(): the button was pressed by this delivery, and nothing came of it.
  virtual Task<Result<void>> give_back(OpaqueId id, OpaqueId by) = 0;
};

}  // namespace ringi::ports
