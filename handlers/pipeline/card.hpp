#pragma once

#include "handlers/access/rules.hpp"
#include "handlers/message/english.hpp"
#include "handlers/pipeline/model.hpp"
#include "handlers/ports/deployments.hpp"

namespace ringi::pipeline {

// Everything a card shows, gathered before; drawing it asks nobody.
struct CardModel {
  message::Place place;
  Reading reading;
  std::vector<ports::Approval> approvals;
  SlackUser starter;  // empty: unknown
  std::string starter_principal;
  message::Text approvers;                // empty: nobody may
  std::vector<ApprovalTimeout> timeouts;  // empty: not known
  bool anyone_left = true;  // false: of those who may, nobody can: four eyes, or an empty group
  message::Text operators;  // where to ask for a change of the rules; may be empty
  ports::Seq first_entry = 0;
  access::Mode mode = access::Mode::act;
  access::Comment comment = access::Comment::reject;
  bool four_eyes = true;
  std::string url;  // the execution in the AWS console
};

message::Message draw(const CardModel& model);
// Without a reading: what ringi knows itself, `why` it knows no more, and no button.
message::Message draw_ended(const CardModel& model, const message::Text& why);

// The two buttons that decide one approval. `action` names it where several stand together.
struct DecisionButtons {
  const message::Place& place;
  access::Comment comment;
  const ports::Approval& row;
  std::string action;
  message::Text revision;  // asked about before an approval goes out; empty: unknown

  message::Button approve() const;
  message::Button reject() const;
};

std::optional<Time> started_at(const Reading& reading);
Duration took(const Reading& reading);
const ActionRun* failed_run(const Reading& reading);
message::Text revision_text(
    const Reading& reading);  // "`a1b2c3d`, Fix cart rounding"; empty: unknown

}  // namespace ringi::pipeline
