#include "handlers/pipeline/card_stages.hpp"

#include "handlers/message/english_card.hpp"

#include <algorithm>

namespace ringi::pipeline {
namespace {

namespace english = message::english;
using english::Mark;
using message::Text;
using ports::Approval;

// No-break spaces: a long link stays on its indented line.
constexpr char below[] = "\n\u00A0\u00A0\u00A0\u00A0\u00A0";

struct StageRuns {
  std::string name;
  std::vector<const ActionRun*> work;       // newest run of each action but approvals
  std::vector<const ActionRun*> approvals;  // likewise
};

std::vector<std::string> stage_names(const Reading& reading) {
  auto names = reading.state.stages;
  for (const auto& run : reading.runs) {
    if (std::ranges::find(names, run.stage) == names.end()) names.push_back(run.stage);
  }
  return names;
}

StageRuns runs_of(const Reading& reading, const std::string& stage) {
  StageRuns all{stage, {}, {}};
  for (const auto& run : reading.runs) {
    if (run.stage != stage || latest_run(reading, stage, run.action) != &run) continue;
    (is_approval(run) ? all.approvals : all.work).push_back(&run);
  }
  return all;
}

Text duration_of(const ActionRun& run) {
  if (!run.started || !run.updated || run.status == Status::in_progress) return {};
  return "  " + message::plain(human_duration(*run.updated - *run.started));
}

// One word for several parallel actions: the worst that is true of any.
Status worst(const std::vector<const ActionRun*>& runs) {
  for (const auto status : {Status::failed, Status::in_progress, Status::stopping,
                            Status::abandoned, Status::stopped}) {
    if (std::ranges::any_of(runs, [&](const ActionRun* run) { return run->status == status; }))
      return status;
  }
  return Status::succeeded;
}

Text status_text(Status status, const Text& name) {
  switch (status) {
    case Status::succeeded:
      return english::state_line(Mark::done, name, "done");
    case Status::in_progress:
      return english::state_line(Mark::running, name, "running");
    case Status::stopping:
      return english::state_line(Mark::running, name, "stopping");
    case Status::failed:
      return english::state_line(Mark::failed, name, "failed");
    case Status::superseded:
      return english::state_line(Mark::stopped, name, "superseded");
    case Status::stopped:
    case Status::cancelled:
    case Status::abandoned:
      return english::state_line(Mark::stopped, name, "stopped");
    case Status::unknown:
      break;
  }
  return english::state_line(Mark::ahead, name, {});
}

Text span_of(const std::vector<const ActionRun*>& runs) {
  std::optional<Time> first, last;
  for (const auto* run : runs) {
    if (run->started) first = std::min(first.value_or(*run->started), *run->started);
    if (run->updated) last = std::max(last.value_or(*run->updated), *run->updated);
  }
  if (!first || !last || worst(runs) == Status::in_progress) return {};
  return "  " + message::plain(human_duration(*last - *first));
}

Text source_details(const Reading& reading, const StageRuns& stage) {
  const bool is_source =
      std::ranges::any_of(stage.work, [](auto* run) { return run->category == "Source"; });
  if (!is_source) return {};
  std::vector<Text> revisions;
  for (const auto& revision : reading.facts.revisions) {
    if (revisions.size() == 3) break;
    const Text id =
        message::link(revision.url, message::plain(english::short_revision(revision.id)));
    revisions.push_back(
        revision.summary.empty() ? id : id + "  " + message::plain(revision.summary, 100));
  }
  return revisions.empty() ? Text{} : "  " + message::join(revisions, " · ");
}

Text failure_details(const StageRuns& stage) {
  for (const auto* run : stage.work) {
    if (run->status != Status::failed) continue;
    const auto why = run->error_message.empty() ? run->summary : run->error_message;
    return "  " + message::link(run->url, message::plain(run->action)) +
           (why.empty() ? Text{} : ": " + message::plain(why, 200));
  }
  return {};
}

const Approval* row_of(const CardModel& model, const ActionRun& run) {
  const auto token = waiting_token(model.reading, run);
  const Approval* newest = nullptr;
  for (const auto& row : model.approvals) {
    if (row.stage != run.stage || row.action != run.action) continue;
    if (!token.empty() && row.token != token) continue;
    if (newest == nullptr || newest->found <= row.found) newest = &row;
  }
  return newest;
}

Text verdict_line(const Approval& row, const Text& name) {
  return row.verdict == Approval::Verdict::approved
             ? english::state_line(Mark::done, name, "approved")
             : english::state_line(Mark::refused, name, "rejected");
}

Text decided_by_us(const Approval& row, const ActionRun& run, const Text& name) {
  const auto waited = run.started ? human_duration(row.decided_at - *run.started) : std::string{};
  Text line = verdict_line(row, name) +
              english::by_person(waited, row.decided_by.user, row.decided_at, row.reason);
  if (row.state == Approval::State::decided) line += english::being_sent();
  return line;
}

Text decided_in_aws(const CardModel& model, const ActionRun& run, const Text& name) {
  if (run.status == Status::abandoned)
    return english::state_line(Mark::stopped, name, "superseded");
  const auto principal = decision_principal(model.reading, run);
  if (run.status == Status::failed && principal.empty())
    return english::state_line(Mark::stopped, name, "expired");
  const Text word = run.status == Status::failed
                        ? english::state_line(Mark::refused, name, "rejected")
                        : english::state_line(Mark::done, name, "approved");
  return word + duration_of(run) + english::in_console(principal);
}

// The action is named where the stage has others beside it.
Text approval_name(const Reading& reading, const ActionRun& run) {
  const auto& all = reading.state.actions;
  const auto beside = std::ranges::count(all, run.stage, &ActionState::stage);
  if (beside == 1 || run.action == run.stage) return message::plain(run.stage, 120);
  return message::plain(run.stage + " · " + run.action, 120);
}

std::optional<Time> expires(const CardModel& model, const ActionRun& run) {
  const auto found = std::ranges::find_if(model.timeouts, [&](const ApprovalTimeout& one) {
    return one.stage == run.stage && one.action == run.action;
  });
  if (found == model.timeouts.end() || !run.started) return std::nullopt;
  return *run.started + found->after;
}

// Who can end the wait, or that nobody can.
Text waiting_state(const CardModel& model, const ActionRun& run) {
  if (model.approvers.empty()) return english::nobody_can_approve(model.operators);
  if (!model.anyone_left) {
    const auto barred = model.four_eyes ? model.starter : SlackUser{};
    return english::nobody_left(model.approvers, barred, model.operators);
  }
  return english::waiting_for(model.approvers, run.started);
}

Text approval_state(const CardModel& model, const ActionRun& run) {
  const auto name = approval_name(model.reading, run);
  const auto* row = row_of(model, run);
  if (row != nullptr &&
      (row->state == Approval::State::decided || row->state == Approval::State::applied)) {
    return decided_by_us(*row, run, name);
  }
  if (row != nullptr && row->state == Approval::State::expired)
    return english::state_line(Mark::stopped, name, "expired");
  if (row != nullptr && row->state == Approval::State::superseded) {
    return english::state_line(Mark::stopped, name, "superseded");
  }
  if (run.status != Status::in_progress) return decided_in_aws(model, run, name);
  if (is_final(model.reading.facts.status)) return status_text(model.reading.facts.status, name);
  const Text word = english::state_line(Mark::waiting, name, "waiting");
  if (row != nullptr && row->state == Approval::State::failed)
    return word + english::decision_not_taken(row->verdict == Approval::Verdict::approved,
                                              row->decided_by.user);
  return word + waiting_state(model, run) + english::expires(expires(model, run));
}

Text approval_line(const CardModel& model, const ActionRun& run) {
  Text line = approval_state(model, run);
  if (!run.custom_data.empty()) line += below + message::plain(run.custom_data, 500);
  if (run.external_link.starts_with("https://")) {
    line += below + message::link(run.external_link, message::plain(run.external_link, 120));
  } else if (!run.external_link.empty()) {  // to be read, not to be pressed
    line += below + message::code(run.external_link, 120);
  }
  return line;
}

void add_stage_lines(const CardModel& model, const std::string& name, std::vector<Text>& lines) {
  const auto stage = runs_of(model.reading, name);
  if (!stage.work.empty() || stage.approvals.empty()) {
    const auto status = stage.work.empty() ? Status::unknown : worst(stage.work);
    lines.push_back(status_text(status, message::plain(name, 100)) + span_of(stage.work) +
                    source_details(model.reading, stage) + failure_details(stage));
  }
  for (const auto* run : stage.approvals) lines.push_back(approval_line(model, *run));
}

}  // namespace

std::vector<Text> stage_lines(const CardModel& model) {
  std::vector<Text> lines;
  for (const auto& name : stage_names(model.reading)) add_stage_lines(model, name, lines);
  return lines;
}

std::vector<Text> decided_lines(const CardModel& model) {
  std::vector<Text> lines;
  for (const auto& row : model.approvals) {
    if (row.state != Approval::State::applied) continue;
    lines.push_back(verdict_line(row, message::plain(row.stage, 100)) +
                    english::by_person({}, row.decided_by.user, row.decided_at, row.reason));
  }
  return lines;
}

}  // namespace ringi::pipeline
