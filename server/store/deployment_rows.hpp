#pragma once

#include "handlers/ports/clock.hpp"
#include "handlers/ports/deployments.hpp"

namespace ringi::store {

class Store;

class DeploymentRows final : public ports::Deployments {
 public:
  DeploymentRows(Store& store, ports::Ids& ids) : store_(store), ids_(ids) {}

  Task<Result<ports::Execution>> follow(ports::Execution execution) override;
  Task<Result<std::optional<ports::Execution>>> execution(ExecutionRef ref) override;
  Task<Result<std::vector<ports::Execution>>> unfinished() override;
  Task<Result<Time>> missed(ExecutionRef ref, Time now) override;
  Task<Result<void>> found_again(ExecutionRef ref) override;
  Task<Result<void>> finish(ExecutionRef ref, ports::Entry entry) override;

  Task<Result<ports::Approval>> found(ports::NewApproval approval, ports::Entry requested) override;
  Task<Result<std::optional<ports::Approval>>> approval(OpaqueId id) override;
  Task<Result<std::vector<ports::Approval>>> approvals(ExecutionRef execution) override;
  Task<Result<std::vector<ports::Approval>>> open_approvals() override;
  Task<Result<ports::Decided>> decide(ports::Decision decision) override;
  Task<Result<bool>> close(OpaqueId approval, ports::Approval::State state, ports::Entry entry,
                           std::optional<Chore> then) override;

  Task<Result<void>> ask(Confirmation confirmation) override;
  Task<Result<std::pair<Taken, Confirmation>>> take(OpaqueId id, SlackUser user,
                                                    OpaqueId by) override;
  Task<Result<void>> give_back(OpaqueId id, OpaqueId by) override;

 private:
  Store& store_;
  ports::Ids& ids_;
};

}  // namespace ringi::store
