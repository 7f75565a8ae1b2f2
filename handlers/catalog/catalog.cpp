#include "handlers/catalog/catalog.hpp"

#include "handlers/catalog/asker.hpp"
#include "handlers/message/english_decision.hpp"
#include "handlers/pipeline/start_entry.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>

namespace ringi::catalog {
namespace {

namespace english = message::english;

constexpr Duration confirmation_lives = std::chrono::minutes{15};

template <class Row, class Name>
const Row* find_row(std::span<const Row> rows, Name Row::*name, std::string_view wanted) {
  const auto found =
      std::ranges::find_if(rows, [&](const Row& row) { return row.*name == wanted; });
  return found == rows.end() ? nullptr : &*found;
}

Command command_of(const std::string& words, const Click& click) {
  const auto space = words.find(' ');
  Command command{click.caller, click.via, words.substr(0, space), {}, false};
  if (space != std::string::npos) command.text = words.substr(space + 1);
  return command;
}

// As people know it, and with nothing that is never shown.
std::string as_typed(const access::Rules& rules, const Command& command) {
  return pipeline::without_secrets(
      rules, called(rules, command.word) + (command.text.empty() ? "" : " " + command.text));
}

Task<Result<void>> not_known(std::string what) {
  co_return error(Errc::invalid, ForLog{what + " is not in the catalog"},
                  ForPerson{"ringi does not know this button or form any more."}, "unknown_action");
}

}  // namespace

std::string action_of(const Click& click) {
  return click.action.substr(0, click.action.find('#'));
}

std::string Catalog::reply(const Command& command) const {
  const auto rules = rules_.rules();
  const auto routed = route(*rules, command);
  const auto* answer = std::get_if<message::Message>(&routed);
  return answer != nullptr ? message::json_text(*answer) : std::string{};
}

std::optional<message::View> Catalog::opens_form(const Click& click) {
  const auto* row = find_row(click_rows(), &ClickRow::action, action_of(click));
  if (row == nullptr || row->form == nullptr) return std::nullopt;
  return row->form();
}

std::optional<std::string> Catalog::refuse(const Submission& form) {
  if (form.form != "approval.reject" && form.form != "approval.approve") return std::nullopt;
  const auto field = form.fields.find("reason");
  const bool given =
      field != form.fields.end() && field->second.find_first_not_of(" \t\r\n") != std::string::npos;
  if (given) return std::nullopt;
  const nlohmann::json errors = {{"response_action", "errors"},
                                 {"errors", {{"reason", english::reason_missing_field()}}}};
  return errors.dump();
}

Task<Result<bool>> Catalog::turned_away(Delivery delivery) {
  const auto rules = rules_.rules();
  auto asker = asker_of(delivery.request);
  if (!asker || asker->via.channel.empty() || asker->via.channel.str().starts_with('D'))
    co_return false;
  const auto& allowed = rules->external_channels;
  if (std::ranges::find(allowed, asker->via.channel) != allowed.end()) co_return false;
  auto facts = co_await directory_.channel(asker->via.channel, permission::usual);
  if (facts.has_error() && is_transient(facts.error().code))
    co_return permission::ask_again(facts.error());
  // A channel that ringi is no member of cannot be looked at; answers there are private.
  if (facts.has_error() || !facts.value().externally_shared) co_return false;
  auto told = co_await slack_.tell(asker->caller, asker->via, english::shared_channel());
  if (told.has_error()) co_return told.error();
  co_return true;
}

Task<Result<void>> Catalog::carry_out(Delivery delivery) {
  auto away = co_await turned_away(delivery);
  if (away.has_error()) co_return away.error();
  if (away.value()) co_return Result<void>{};
  if (delivery.ask_first && asker_of(delivery.request) && !fills_a_form(delivery.request)) {
    auto asked = co_await still_wanted(std::move(delivery));
    co_return asked;
  }
  Result<void> done;
  if (auto* command = std::get_if<Command>(&delivery.request)) {
    done = co_await carry_out_command(delivery, *command);
  } else if (auto* click = std::get_if<Click>(&delivery.request)) {
    done = co_await carry_out_click(delivery, *click);
  } else if (auto* form = std::get_if<Submission>(&delivery.request)) {
    const auto* row = find_row(form_rows(), &FormRow::form, form->form);
    auto work =
        row == nullptr ? not_known("form " + form->form) : row->run(owners_, delivery, *form);
    done = co_await std::move(work);
  } else if (auto* chore = std::get_if<Chore>(&delivery.request)) {
    const auto* row = find_row(chore_rows(), &ChoreRow::kind, chore->kind);
    auto work =
        row == nullptr ? not_known("chore " + chore->kind) : row->run(owners_, delivery, *chore);
    done = co_await std::move(work);
  } else {
    done = co_await owners_.notice.run(std::get<Notification>(delivery.request));
  }
  co_return done;
}

Task<Result<void>> Catalog::carry_out_command(Delivery delivery, Command command) {
  const auto rules = rules_.rules();
  auto routed = route(*rules, command);
  if (auto* answer = std::get_if<message::Message>(&routed)) {
    auto told = co_await slack_.tell(command.caller, command.via, std::move(*answer));
    co_return told;
  }
  auto& found = std::get<Route>(routed);
  if (found.row->guests == CommandRow::Guests::refused) {
    auto person = co_await directory_.person(command.caller.user, permission::usual);
    if (person.has_error()) co_return permission::ask_again(person.error());
    if (!person.value().full_member) {
      auto told = co_await slack_.tell(command.caller, command.via, english::not_a_caller());
      co_return told;
    }
  }
  auto done = co_await run_command(std::move(delivery), std::move(command), std::move(found));
  co_return done;
}

Task<Result<void>> Catalog::run_command(Delivery delivery, Command command, Route route) {
  using enum CommandId;
  auto& [row, words] = route;
  switch (row->id) {
    case deploy_home:
      return owners_.overview.home(std::move(command));
    case deploy_list:
      return owners_.overview.list(std::move(command), std::move(words));
    case deploy_pending:
      return owners_.overview.pending(std::move(command));
    case deploy_start:
      return owners_.start.command(std::move(delivery), std::move(command), std::move(words));
    case deploy_status:
      return owners_.overview.status(std::move(command), std::move(words));
    case deploy_help:
    case ringi_help:
      return owners_.desk.help(std::move(command));
    case ringi_whoami:
      return owners_.desk.whoami(std::move(command));
    case ringi_why:
      return owners_.inquiry.why(std::move(command), std::move(words));
    case ringi_who:
      return owners_.inquiry.who(std::move(command), std::move(words));
    case ringi_audit:
      return owners_.desk.audit(std::move(delivery), std::move(command), std::move(words));
    case ringi_status:
      return owners_.desk.status(std::move(command));
  }
  return not_known("command");
}

Task<Result<void>> Catalog::carry_out_click(Delivery delivery, Click click) {
  const auto action = action_of(click);
  const auto* row = find_row(click_rows(), &ClickRow::action, action);
  Result<void> done;
  if (action == "request.confirm") {
    done = co_await wanted_after_all(std::move(delivery), std::move(click));
  } else if (row == nullptr) {
    done = co_await not_known("action " + action);
  } else if (row->run != nullptr) {
    done = co_await row->run(owners_, std::move(delivery), std::move(click));
  }
  co_return done;
}

// Slack showed the person an error although the request was stored: nothing is done behind their
// back.
Task<Result<void>> Catalog::still_wanted(Delivery delivery) {
  auto asker = *asker_of(delivery.request);
  auto answer = english::press_again();
  if (const auto* command = std::get_if<Command>(&delivery.request)) {
    const auto words = command->word + (command->text.empty() ? "" : " " + command->text);
    ports::Deployments::Confirmation confirmation{delivery.id, asker.caller.user, words,
                                                  clock_.now() + confirmation_lives};
    auto asked = co_await deployments_.ask(std::move(confirmation));
    if (asked.has_error()) co_return asked.error();
    answer = english::still_wanted(
        as_typed(*rules_.rules(), *command),
        {.action = "request.confirm", .value = delivery.id.str(), .label = "Do it"});
  }
  auto told =
      co_await slack_.tell(std::move(asker.caller), std::move(asker.via), std::move(answer));
  co_return told;
}

Task<Result<void>> Catalog::wanted_after_all(Delivery delivery, Click click) {
  const auto id = OpaqueId::parse(click.value);
  if (!id) co_return error(Errc::invalid, "This button belongs to nothing that ringi knows.");
  auto taken = co_await deployments_.take(*id, click.caller.user, delivery.id);
  if (taken.has_error()) co_return taken.error();
  const auto& [outcome, confirmation] = taken.value();
  if (outcome != ports::Deployments::Taken::yes) {
    auto answer = english::wanted_no_more(pipeline::dead_button(outcome));
    auto told = co_await slack_.tell(click.caller, click.via, std::move(answer));
    co_return told;
  }
  // The question is answered: it must not go on saying that nothing was done.
  auto command = command_of(confirmation.words, click);
  auto going = english::going_ahead(as_typed(*rules_.rules(), command));
  (void)co_await slack_.replace(click.via, std::move(going));
  auto done = co_await carry_out_command(std::move(delivery), std::move(command));
  co_return done;
}

}  // namespace ringi::catalog
