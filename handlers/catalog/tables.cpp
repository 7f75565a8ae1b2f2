#include "handlers/catalog/catalog.hpp"
#include "handlers/message/english_card.hpp"
#include "handlers/pipeline/chores.hpp"

#include <array>

namespace ringi::catalog {
namespace {

namespace chore = pipeline::chore;
using ports::Approval;
using Done = Task<Result<void>>;

Done approve(const Owners& owners, Delivery delivery, Click click) {
  return owners.decide.clicked(std::move(delivery), std::move(click), Approval::Verdict::approved);
}
Done reject(const Owners& owners, Delivery delivery, Click click) {
  return owners.decide.clicked(std::move(delivery), std::move(click), Approval::Verdict::rejected);
}
Done confirm_start(const Owners& owners, Delivery delivery, Click click) {
  return owners.start.confirmed(std::move(delivery), std::move(click));
}
Done choose_start(const Owners& owners, Delivery delivery, Click click) {
  return owners.start.chosen(std::move(delivery), std::move(click));
}
Done agree_to_move(const Owners& owners, Delivery delivery, Click click) {
  return owners.moves.agreed(std::move(delivery), std::move(click));
}
Done fill_approve(const Owners& owners, Delivery, Click click) {
  return owners.forms.decision(std::move(click), Approval::Verdict::approved);
}
Done fill_reject(const Owners& owners, Delivery, Click click) {
  return owners.forms.decision(std::move(click), Approval::Verdict::rejected);
}
Done fill_changes(const Owners& owners, Delivery, Click click) {
  return owners.forms.changes(std::move(click));
}

message::View empty_approve() {
  return message::english::decision_form(true, message::english::looked_up());
}
message::View empty_reject() {
  return message::english::decision_form(false, message::english::looked_up());
}

Done approve_form(const Owners& owners, Delivery delivery, Submission form) {
  return owners.decide.submitted(std::move(delivery), std::move(form), Approval::Verdict::approved);
}
Done reject_form(const Owners& owners, Delivery delivery, Submission form) {
  return owners.decide.submitted(std::move(delivery), std::move(form), Approval::Verdict::rejected);
}

Done unreadable() {
  co_return error(Errc::internal, "a chore's payload is not of its kind");
}

Done refresh(const Owners& owners, Delivery, Chore chore) {
  auto ref = pipeline::execution_of(chore);
  return ref ? owners.refresh.run(*std::move(ref)) : unreadable();
}
Done look(const Owners& owners, Delivery, Chore chore) {
  auto ref = pipeline::pipeline_of(chore);
  return ref ? owners.reconcile.look_at(*std::move(ref)) : unreadable();
}
Done region(const Owners& owners, Delivery, Chore chore) {
  auto where = pipeline::region_of(chore);
  return where ? owners.reconcile.look_in(std::move(where->first), std::move(where->second))
               : unreadable();
}
Done apply(const Owners& owners, Delivery delivery, Chore chore) {
  auto id = pipeline::approval_of(chore);
  return id ? owners.apply.run(std::move(delivery), *std::move(id)) : unreadable();
}
Done show_move(const Owners& owners, Delivery, Chore chore) {
  auto card = desk::move_card_of(chore);
  return card ? owners.moves.show(*std::move(card)) : unreadable();
}
Done round(const Owners& owners, Delivery, Chore) {
  return owners.reconcile.round();
}
Done sweep(const Owners& owners, Delivery, Chore) {
  return owners.reconcile.sweep();
}

constexpr std::array clicks{
    ClickRow{"approval.approve", approve},
    ClickRow{"approval.reject_now", reject},
    ClickRow{"approval.approve_form", fill_approve, empty_approve},
    ClickRow{"approval.reject", fill_reject, empty_reject},
    ClickRow{"start.confirm", confirm_start},
    ClickRow{"start.choose", choose_start},
    ClickRow{"account.move", agree_to_move},
    ClickRow{"request.confirm", nullptr},
    ClickRow{"card.changes", fill_changes, message::english::changes_form},
    ClickRow{"card.open", nullptr},
};

constexpr std::array forms{
    FormRow{"approval.approve", approve_form},
    FormRow{"approval.reject", reject_form},
};

constexpr std::array chores{
    ChoreRow{chore::refresh, refresh},      ChoreRow{chore::look, look},
    ChoreRow{chore::region, region},        ChoreRow{chore::apply, apply},
    ChoreRow{chore::reconcile, round},      ChoreRow{chore::sweep, sweep},
    ChoreRow{desk::chore::move, show_move},
};

}  // namespace

std::span<const ClickRow> click_rows() {
  return clicks;
}
std::span<const FormRow> form_rows() {
  return forms;
}
std::span<const ChoreRow> chore_rows() {
  return chores;
}

}  // namespace ringi::catalog
