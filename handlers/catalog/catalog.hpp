#pragma once

#include "handlers/catalog/asker.hpp"
#include "handlers/catalog/route.hpp"
#include "handlers/desk/account_moves.hpp"
#include "handlers/desk/desk.hpp"
#include "handlers/desk/inquiry.hpp"
#include "handlers/pipeline/apply.hpp"
#include "handlers/pipeline/decide.hpp"
#include "handlers/pipeline/forms.hpp"
#include "handlers/pipeline/notice.hpp"
#include "handlers/pipeline/overview.hpp"
#include "handlers/pipeline/reconcile.hpp"
#include "handlers/pipeline/start.hpp"

namespace ringi::catalog {

// The handlers, each owned by the composition root.
struct Owners {
  pipeline::Start& start;
  pipeline::Overview& overview;
  pipeline::Decide& decide;
  pipeline::Forms& forms;
  pipeline::Apply& apply;
  pipeline::Refresh& refresh;
  pipeline::Notice& notice;
  pipeline::Reconcile& reconcile;
  desk::Desk& desk;
  desk::Inquiry& inquiry;
  desk::AccountMoves& moves;
};

// A button's or form's id, or a chore's kind, and who carries it out.
struct ClickRow {
  const char* action;
  // nullptr for a link, and for request.confirm, which is the catalog's own
  Task<Result<void>> (*run)(const Owners&, Delivery, Click);
  message::View (*form)() = nullptr;  // of a button that opens one at once; `run` fills it
};
struct FormRow {
  const char* form;
  Task<Result<void>> (*run)(const Owners&, Delivery, Submission);
};
struct ChoreRow {
  const char* kind;
  Task<Result<void>> (*run)(const Owners&, Delivery, Chore);
};
std::span<const ClickRow> click_rows();
std::span<const FormRow> form_rows();
std::span<const ChoreRow> chore_rows();

// The action_id without the "#2" that makes it unique in its block.
std::string action_of(const Click& click);

// The one table: whatever comes in, who owns it.
class Catalog {
 public:
  Catalog(Owners owners, ports::Slack& slack, ports::Directory& directory,
          ports::Deployments& deployments, ports::CurrentRules& rules, ports::Clock& clock)
      : owners_(owners),
        slack_(slack),
        directory_(directory),
        deployments_(deployments),
        rules_(rules),
        clock_(clock) {}

  // Carries a stored request out. An Error is for the job's runner; the person was told before.
  Task<Result<void>> dispatch(Delivery delivery);
  // A request that became too old to carry out: says so to the person.
  Task<> expired(Delivery delivery);
  // An attempt that was stopped because it took too long: what a failure in dispatch() does.
  Task<> cut_off(Delivery delivery);

  // At once, from memory: the JSON text of an ephemeral message; "" where the job will answer,
  // since Slack lets nobody take such a message away again.
  std::string reply(const Command& command) const;
  // The form that this click opens, before anything is known of what it is about; private_metadata
  // is the session's to fill. The click is a job all the same, once the form is open.
  static std::optional<message::View> opens_form(const Click& click);
  // {"response_action":"errors", …} for a form that cannot be taken as it was filled in.
  static std::optional<std::string> refuse(const Submission& form);

 private:
  Task<Result<void>> carry_out(Delivery delivery);
  Task<Result<void>> carry_out_command(Delivery delivery, Command command);
  Task<Result<void>> run_command(Delivery delivery, Command command, Route route);
  Task<Result<void>> carry_out_click(Delivery delivery, Click click);
  Task<Result<void>> still_wanted(Delivery delivery);
  Task<Result<void>> wanted_after_all(Delivery delivery, Click click);
  Task<Result<bool>> turned_away(Delivery delivery);  // a channel that strangers read along
  Task<Result<void>> settle(Delivery delivery, Result<void> done);
  Task<> give_back(const Delivery& delivery);
  Task<Result<pipeline::Begun>> standing(Delivery delivery);
  Task<> tell_end(Delivery delivery, Asker asker, Result<void> done, pipeline::Begun begun);

  Owners owners_;
  ports::Slack& slack_;
  ports::Directory& directory_;
  ports::Deployments& deployments_;
  ports::CurrentRules& rules_;
  ports::Clock& clock_;
};

}  // namespace ringi::catalog
