// What became of a request, and what the person who asked hears of it.
#include "handlers/catalog/asker.hpp"
#include "handlers/catalog/catalog.hpp"

#include <boost/system/system_error.hpp>

namespace ringi::catalog {
namespace {

namespace english = message::english;
using pipeline::Begun;

bool comes_again(const Delivery& delivery, const Error& error) {
  return is_transient(error.code) && !delivery.last_attempt;
}

}  // namespace

std::optional<Asker> asker_of(const Request& request) {
  if (const auto* command = std::get_if<Command>(&request))
    return Asker{command->caller, command->via};
  if (const auto* click = std::get_if<Click>(&request)) return Asker{click->caller, click->via};
  if (const auto* form = std::get_if<Submission>(&request)) return Asker{form->caller, form->via};
  return std::nullopt;
}

bool fills_a_form(const Request& request) {
  const auto* click = std::get_if<Click>(&request);
  return click != nullptr && !click->view_id.empty();
}

Task<Result<void>> Catalog::dispatch(Delivery delivery) {
  Result<void> done;
  try {
    done = co_await carry_out(delivery);
  } catch (const boost::system::system_error&) {
    throw;  // we were told to stop
  } catch (const std::exception&) {
    // Its text may quote anything; the person is told that it is our own fault.
    done = error(Errc::internal, ForLog{"a handler threw"}, ForPerson{"ringi itself failed."},
                 "internal");
  }
  auto settled = co_await settle(std::move(delivery), std::move(done));
  co_return settled;
}

Task<> Catalog::cut_off(Delivery delivery) {
  auto late = error(Errc::timeout, "ringi was not done with it in time.");
  (void)co_await settle(std::move(delivery), std::move(late));
}

Task<Result<void>> Catalog::settle(Delivery delivery, Result<void> done) {
  auto asker = asker_of(delivery.request);
  if (!asker || (done.has_value() && !delivery.begun_before)) co_return done;
  if (done.has_error() && done.error().code == Errc::cancelled) co_return done;
  auto before = co_await standing(delivery);
  const bool may_wait =
      done.has_value() || (done.error().code == Errc::ask_again && !delivery.last_attempt);
  if (before.has_error() && may_wait) co_return before.error();
  auto begun = before.has_value() ? before.value() : Begun::open;  // unread: it may have begun
  // Who may start it was decided when it was begun: it is carried on until its end is known.
  if (begun != Begun::nothing && done.has_error() && done.error().code == Errc::ask_again)
    done =
        error(Errc::unavailable, done.error().log, done.error().person, done.error().service_code);
  const bool again = done.has_error() && comes_again(delivery, done.error());
  if (!again && begun == Begun::open) {
    auto why = done.has_value() ? std::string{"refused"} : code_of(done.error());
    auto closed = co_await owners_.start.abandon(delivery, std::move(why));
    if (closed.has_error() && done.has_value()) co_return closed.error();
    // That no start was begun says nothing of a decision that could not be read.
    if (closed.has_value() && closed.value() == Begun::done) begun = Begun::done;
  }
  if (done.has_error() && done.error().code == Errc::ask_again) co_await give_back(delivery);
  co_await tell_end(std::move(delivery), *std::move(asker), done, begun);
  co_return done;
}

// Whoever is told to try again can: the button that was pressed is good as before.
Task<> Catalog::give_back(const Delivery& delivery) {
  const auto* click = std::get_if<Click>(&delivery.request);
  const auto id = click != nullptr ? OpaqueId::parse(click->value) : std::nullopt;
  if (id) (void)co_await deployments_.give_back(*id, delivery.id);
}

// What the ledger holds of what the request asked for.
Task<Result<Begun>> Catalog::standing(Delivery delivery) {
  auto decided = co_await owners_.decide.holds(delivery.id);
  if (decided.has_error()) co_return decided.error();
  if (decided.value()) co_return Begun::done;
  auto begun = co_await owners_.start.begun(std::move(delivery));
  co_return begun;
}

Task<> Catalog::tell_end(Delivery delivery, Asker asker, Result<void> done, Begun begun) {
  const auto id = short_id(delivery.id);
  const auto deploy = rules_.rules()->command_deploy;
  message::Message answer;
  if (done.has_value()) {
    if (begun != Begun::open) co_return;
    const auto refused = error(Errc::denied, "it is not allowed any more");
    answer = english::not_known(refused, deploy, id);
  } else if (comes_again(delivery, done.error())) {
    // Said once, and not of what stands already; the last attempt speaks again.
    if (delivery.attempt > 1 || begun == Begun::done || fills_a_form(delivery.request)) co_return;
    answer = english::failed_for_now(done.error(), id);
  } else if (begun == Begun::nothing) {
    answer = english::failed(done.error(), id);
  } else {
    answer = begun == Begun::done ? english::failed_but_done(done.error(), id)
                                  : english::not_known(done.error(), deploy, id);
  }
  (void)co_await slack_.tell(std::move(asker.caller), std::move(asker.via), std::move(answer));
}

Task<> Catalog::expired(Delivery delivery) {
  auto asker = asker_of(delivery.request);
  if (!asker || fills_a_form(delivery.request)) co_return;  // nobody sits before it any more
  auto decided = co_await owners_.decide.holds(delivery.id);
  if (decided.has_value() && decided.value()) {  // only its answer is due, and due now
    delivery.last_attempt = true;
    (void)co_await dispatch(std::move(delivery));
    co_return;
  }
  const auto id = short_id(delivery.id);
  const auto deploy = rules_.rules()->command_deploy;
  const auto abandoned = co_await owners_.start.abandon(std::move(delivery), "expired");
  const bool sure = decided.has_value() && abandoned.has_value();
  const auto begun = sure ? abandoned.value() : Begun::open;
  auto answer = english::too_old(id);
  if (begun == Begun::open) answer = english::too_old_but_begun(deploy, id);
  if (begun == Begun::done) answer = english::too_old_but_done(deploy, id);
  (void)co_await slack_.tell(std::move(asker->caller), std::move(asker->via), std::move(answer));
}

}  // namespace ringi::catalog
