#include "handlers/pipeline/forms.hpp"

#include "handlers/message/english_card.hpp"
#include "handlers/pipeline/card.hpp"

#include <algorithm>
#include <span>

namespace ringi::pipeline {
namespace {

namespace english = message::english;

constexpr int looked_back = 50;

std::vector<english::Source> sources_of(const ExecutionFacts& facts) {
  std::vector<english::Source> all;
  for (const auto& one : facts.revisions) all.push_back({one.name, one.id, one.summary, one.url});
  return all;
}

// Newest first: this execution and those before it.
std::span<const ExecutionFacts> up_to(const std::vector<ExecutionFacts>& history,
                                      const ExecutionId& id) {
  const auto own = std::ranges::find_if(
      history, [&](const ExecutionFacts& facts) { return facts.ref.execution == id; });
  return {own, history.end()};
}

}  // namespace

Task<Result<std::optional<ports::Approval>>> Forms::row_of(const Click& click) {
  const auto id = OpaqueId::parse(click.value);
  if (!id) co_return std::optional<ports::Approval>{};
  auto found = co_await deployments_.approval(*id);
  co_return found;
}

Task<Result<void>> Forms::fill(Click click, message::View view) {
  view.private_metadata = std::move(click.view_memory);
  auto filled = co_await slack_.update_view(std::move(click.view_id), std::move(view));
  // Closed or sent meanwhile: nobody looks at it any more.
  if (filled.has_error() && filled.error().code == Errc::not_found) co_return Result<void>{};
  co_return filled;
}

Task<Result<void>> Forms::decision(Click click, ports::Approval::Verdict verdict) {
  const auto rules = rules_.rules();
  auto row = co_await row_of(click);
  if (row.has_error()) co_return row.error();
  const auto site = row.value() ? site_of(*rules, row.value()->execution.pipeline) : std::nullopt;
  auto view = english::form_about_nothing();
  if (site) {
    // Only shown: where AWS does not answer the form names all the rest.
    auto facts = co_await client_.execution(row.value()->execution);
    const auto revision = facts.has_value() ? revision_text({std::move(facts).value(), {}, {}})
                                            : english::not_known_now(facts.error());
    view = english::decision_form(
        verdict == ports::Approval::Verdict::approved,
        english::decision_question(verdict == ports::Approval::Verdict::approved, site->place,
                                   row.value()->action, revision));
  }
  auto filled = co_await fill(std::move(click), std::move(view));
  co_return filled;
}

Task<Result<bool>> Forms::may_read(RulesPtr rules, Site site, PipelineRef ref, Click click) {
  auto question = question_about(site, access::Action::read, ref, click.via);
  auto decision = co_await gate_.may(std::move(rules), std::move(click.caller.user),
                                     std::move(question), permission::usual);
  if (decision.has_error()) co_return decision.error();
  co_return decision.value().allowed;
}

Task<Result<void>> Forms::changes(Click click) {
  const auto rules = rules_.rules();
  auto row = co_await row_of(click);
  if (row.has_error()) co_return row.error();
  const auto site = row.value() ? site_of(*rules, row.value()->execution.pipeline) : std::nullopt;
  Result<bool> seen = false;
  if (site) seen = co_await may_read(rules, *site, row.value()->execution.pipeline, click);
  auto view = english::form_about_nothing();
  if (seen.has_error()) {
    view = english::changes_not_read(seen.error());
  } else if (seen.value()) {
    auto changed = co_await changes_of(*site, row.value()->execution);
    view = changed.has_value() ? std::move(changed).value()
                               : english::changes_not_read(changed.error());
  }
  auto filled = co_await fill(std::move(click), std::move(view));
  co_return filled;
}

Task<Result<message::View>> Forms::changes_of(Site site, ExecutionRef ref) {
  auto history = co_await client_.executions(ref.pipeline, looked_back);
  if (history.has_error()) co_return history.error();
  // Both from the one list: GetPipelineExecution names artifacts, this list names actions.
  const auto all = up_to(history.value(), ref.execution);
  const auto good = std::ranges::find(all, Status::succeeded, &ExecutionFacts::status);
  const auto now = all.empty() ? std::vector<english::Source>{} : sources_of(all.front());
  if (good == all.end()) co_return english::what_changed(site.place, now, {}, {});
  co_return english::what_changed(site.place, now, sources_of(*good), good->updated);
}

}  // namespace ringi::pipeline
