#pragma once

#include "handlers/pipeline/place.hpp"
#include "handlers/ports/clock.hpp"
#include "handlers/ports/deployments.hpp"

namespace ringi::pipeline {

// How an approval ended that waits no longer and that ringi did not decide.
struct Ending {
  ports::Approval::State state = ports::Approval::State::waiting;
  std::string kind;       // of the ledger entry
  std::string principal;  // who decided in AWS, where AWS says so
  std::string verdict;    // "approved", "rejected" or ""
};

// The reading shows the action waiting with the row's own token.
bool still_waits(const Reading& reading, const ports::Approval& row);

// nullopt: it still waits, or the reading does not tell.
std::optional<Ending> ending_of(const Reading& reading, const ports::Approval& row);

// An entry about one approval; the token stands in it as its fingerprint.
ports::Entry approval_entry(std::string kind, const Site& site, const Reading& reading,
                            const ports::Approval& row);

// Brings the rows about an execution's approvals in line with what AWS says.
class Settle {
 public:
  Settle(ports::Deployments& deployments, ports::Ids& ids) : deployments_(deployments), ids_(ids) {}

  Task<Result<std::vector<ports::Approval>>> run(const Site& site, const Reading& reading,
                                                 SlackUser starter);

 private:
  Task<Result<void>> add_waiting(const Site& site, const Reading& reading, SlackUser starter);
  Task<Result<bool>> close_ended(const Site& site, const Reading& reading,
                                 const std::vector<ports::Approval>& rows);
  ports::Deployments& deployments_;
  ports::Ids& ids_;
};

}  // namespace ringi::pipeline
