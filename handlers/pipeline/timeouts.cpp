#include "handlers/pipeline/timeouts.hpp"

namespace ringi::pipeline {
namespace {

constexpr Duration ask_again = std::chrono::minutes{10};

}  // namespace

Task<std::vector<ApprovalTimeout>> Timeouts::of(PipelineRef ref, int version) {
  const auto now = clock_.now();
  const auto copy = copies_.find(ref);
  if (copy != copies_.end() && copy->second.version == version &&
      (!copy->second.refused || now - *copy->second.refused < ask_again))
    co_return copy->second.timeouts;
  auto read = co_await client_.approval_timeouts(ref, version);
  if (read.has_error() && is_transient(read.error().code)) co_return std::vector<ApprovalTimeout>{};
  auto& kept = copies_[ref];
  kept = {version, {}, std::nullopt};
  if (read.has_error()) {
    kept.refused = now;
  } else {
    kept.timeouts = std::move(read).value();
  }
  co_return kept.timeouts;
}

}  // namespace ringi::pipeline
