#include "handlers/pipeline/card.hpp"

#include "handlers/message/english_card.hpp"
#include "handlers/pipeline/card_stages.hpp"
#include "handlers/pipeline/settle.hpp"

#include <algorithm>

namespace ringi::pipeline {
namespace {

namespace english = message::english;
using message::Text;
using ports::Approval;

// Slack takes 3,000 characters a section; lines stay whole.
void add_sections(const std::vector<Text>& lines, std::vector<message::Block>& blocks) {
  constexpr std::size_t full = 2600;
  Text section;
  for (const auto& line : lines) {
    if (!section.empty() && section.mrkdwn().size() + line.mrkdwn().size() > full) {
      blocks.emplace_back(message::Section{section});
      section = {};
    }
    section += section.empty() ? line : "\n" + line;
  }
  if (!section.empty()) blocks.emplace_back(message::Section{section});
}

bool has_buttons(const CardModel& model, const Approval& row) {
  return row.state == Approval::State::waiting && still_waits(model.reading, row);
}

// Where several approvals wait at once, each button names its own.
std::string named_action(const CardModel& model, const Approval& row) {
  const auto waiting = std::ranges::count_if(
      model.approvals, [&](const Approval& one) { return has_buttons(model, one); });
  return waiting > 1 ? row.action : std::string{};
}

std::string label_of(const char* verb, const std::string& action) {
  return action.empty() ? verb : verb + (" " + action);
}

// A new block_id for each state: Slack keeps what it knows of a block by its id.
message::Actions actions_of(const CardModel& model) {
  message::Actions actions;
  actions.block_id = "card-" + std::to_string(model.first_entry);
  for (const auto& row : model.approvals) {
    if (!has_buttons(model, row)) continue;
    actions.block_id += "-" + row.id.str().substr(row.id.str().size() -
                                                  std::min<std::size_t>(6, row.id.str().size()));
    const DecisionButtons buttons{model.place, model.comment, row, named_action(model, row),
                                  revision_text(model.reading)};
    actions.buttons.push_back(buttons.approve());
    actions.buttons.push_back(buttons.reject());
    actions.buttons.push_back(
        {.action = "card.changes", .value = row.id.str(), .label = "What changed"});
  }
  actions.buttons.push_back(
      {.action = "card.open", .value = "", .label = "Open in AWS", .url = model.url});
  return actions;
}

Text starter_text(const CardModel& model) {
  if (!model.starter.empty()) return message::user(model.starter);
  return english::started_elsewhere(model.reading.facts.trigger_type, model.starter_principal);
}

english::Standing standing(Status status) {
  using enum english::Standing;
  switch (status) {
    case Status::succeeded:
      return live;
    case Status::failed:
      return failed;
    case Status::superseded:
      return superseded;
    case Status::stopped:
    case Status::cancelled:
      return stopped;
    default:
      return running;
  }
}

Text line_of(const CardModel& model) {
  for (const auto& row : model.approvals) {
    if (has_buttons(model, row)) return english::card_line_waiting(model.place, row.action);
  }
  return english::card_line(model.place, standing(model.reading.facts.status));
}

message::Message head_of(const CardModel& model, Text line) {
  message::Message card;
  card.text = std::move(line);
  if (model.place.production) card.colour = "#b00020";
  const auto& ref = model.reading.facts.ref;
  card.blocks.emplace_back(message::Section{english::card_title(model.place)});
  card.blocks.emplace_back(message::Context{{english::origin(
      starter_text(model), started_at(model.reading), model.place.pipeline, ref.execution.str())}});
  return card;
}

void add_notes(const CardModel& model, std::vector<message::Block>& blocks) {
  std::vector<Text> notes;
  const bool waits = std::ranges::any_of(
      model.approvals, [&](const Approval& row) { return has_buttons(model, row); });
  if (model.mode == access::Mode::observe) notes.push_back(english::observing());
  if (waits && model.four_eyes && model.starter.empty())
    notes.push_back(english::starter_unknown());
  if (!notes.empty()) blocks.emplace_back(message::Context{std::move(notes)});
}

}  // namespace

message::Button DecisionButtons::approve() const {
  const bool form = comment == access::Comment::always;
  message::Button button{.action = form ? "approval.approve_form" : "approval.approve",
                         .value = row.id.str(),
                         .label = label_of("Approve", action),
                         .style = message::Button::Style::primary};
  if (!form) button.confirm = english::confirm_approve(place, action, revision);
  return button;
}

message::Button DecisionButtons::reject() const {
  const bool form = comment != access::Comment::never;
  message::Button button{.action = form ? "approval.reject" : "approval.reject_now",
                         .value = row.id.str(),
                         .label = label_of("Reject", action),
                         .style = message::Button::Style::danger};
  if (!form) button.confirm = english::confirm_reject(place, action, revision);
  return button;
}

std::optional<Time> started_at(const Reading& reading) {
  std::optional<Time> first = reading.facts.started;
  for (const auto& run : reading.runs) {
    if (run.started) first = std::min(first.value_or(*run.started), *run.started);
  }
  return first;
}

Duration took(const Reading& reading) {
  const auto first = started_at(reading);
  Time last = first.value_or(Time{});
  for (const auto& run : reading.runs) last = std::max(last, run.updated.value_or(last));
  return first ? last - *first : Duration{0};
}

const ActionRun* failed_run(const Reading& reading) {
  const auto found =
      std::find_if(reading.runs.rbegin(), reading.runs.rend(),
                   [](const ActionRun& run) { return run.status == Status::failed; });
  return found == reading.runs.rend() ? nullptr : &*found;
}

Text revision_text(const Reading& reading) {
  if (reading.facts.revisions.empty()) return {};
  const auto& first = reading.facts.revisions.front();
  return english::deployed_last(first.id, first.summary);
}

message::Message draw(const CardModel& model) {
  auto card = head_of(model, line_of(model));
  add_sections(stage_lines(model), card.blocks);
  add_notes(model, card.blocks);
  card.blocks.emplace_back(actions_of(model));
  card.blocks.emplace_back(message::Context{{english::footer(model.first_entry)}});
  return card;
}

message::Message draw_ended(const CardModel& model, const Text& why) {
  auto card = head_of(model, english::card_line(model.place, english::Standing::unfollowed));
  auto lines = decided_lines(model);
  lines.push_back(why);
  add_sections(lines, card.blocks);
  card.blocks.emplace_back(message::Context{{english::footer(model.first_entry)}});
  return card;
}

}  // namespace ringi::pipeline
