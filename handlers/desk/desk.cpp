#include "handlers/desk/desk.hpp"

#include "handlers/desk/audit_text.hpp"
#include "handlers/desk/denied.hpp"
#include "handlers/message/english_accounts.hpp"
#include "handlers/message/english_desk.hpp"

#include <algorithm>

namespace ringi::desk {
namespace {

namespace english = message::english;
using access::Action;

constexpr int shown_entries = 25;

message::Place place_of(const access::Rules& rules, const access::Account& account) {
  const auto& environment = *access::environment_of(rules, account);
  return {.account_name = account.name,
          .account = account.id,
          .environment = environment.name,
          .production = environment.production};
}

bool by_channel(const access::Rules& rules) {
  return std::ranges::any_of(rules.statements,
                             [](const access::Statement& one) { return !one.channel.empty(); });
}

// "@taro" was typed, Slack wrote "<@U0TARO0001|taro>", and the words hold "@U0TARO0001"; the ledger
// knows ids.
std::string without_mention(std::string word) {
  const auto id = word.substr(word.starts_with('@') ? 1 : 0);
  return SlackUser::parse(id) ? id : word;
}

}  // namespace

Task<Result<void>> Desk::tell(const Command& command, message::Message answer) {
  auto told = co_await slack_.tell(command.caller, command.via, std::move(answer));
  co_return told;
}

Task<Result<bool>> Desk::may_audit(RulesPtr rules, const Command& command) {
  access::Question question{.action = Action::audit, .channel = command.via.channel};
  auto decision = co_await gate_.may(std::move(rules), command.caller.user, std::move(question),
                                     permission::usual);
  if (decision.has_error()) co_return decision.error();
  co_return decision.value().allowed;
}

Task<Result<void>> Desk::help(Command command) {
  const auto rules = rules_.rules();
  const auto& user = command.caller.user;
  const auto& here = command.via.channel;
  auto read = co_await rights_.anywhere(rules, user, Action::read, here);
  if (read.has_error()) co_return read.error();
  auto start = co_await rights_.anywhere(rules, user, Action::start, here);
  if (start.has_error()) co_return start.error();
  // The buttons are on the cards, wherever help was asked for.
  auto approve = co_await rights_.anywhere(rules, user, Action::approve, SlackChannel{});
  if (approve.has_error()) co_return approve.error();
  auto audit = co_await may_audit(rules, command);
  if (audit.has_error()) co_return audit.error();
  auto told = co_await tell(command, english::help({.deploy = rules->command_deploy,
                                                    .ringi = rules->command_ringi,
                                                    .read = read.value(),
                                                    .start = start.value(),
                                                    .approve = approve.value(),
                                                    .audit = audit.value()}));
  co_return told;
}

Task<Result<std::vector<message::Text>>> Desk::rights_of(RulesPtr rules, const Command& command) {
  std::vector<message::Text> rights;
  for (const auto& account : rules->accounts) {
    std::vector<message::Text> reaches;
    for (const auto action : {Action::start, Action::approve, Action::read}) {
      access::Question question{
          .action = action, .account = &account, .channel = command.via.channel};
      auto reach = co_await rights_.in(rules, command.caller.user, std::move(question));
      if (reach.has_error()) co_return reach.error();
      if (reach->any)
        reaches.push_back(english::reach(access::name_of(action), reach->only, reach->except));
    }
    if (!reaches.empty()) rights.push_back(english::right(reaches, place_of(*rules, account)));
  }
  co_return rights;
}

Task<Result<void>> Desk::whoami(Command command) {
  const auto rules = rules_.rules();
  const auto& user = command.caller.user;
  auto person = co_await directory_.person(user, permission::usual);
  if (person.has_error()) co_return permission::ask_again(person.error());
  auto rights = co_await rights_of(rules, command);
  if (rights.has_error()) co_return rights.error();
  auto audit = co_await may_audit(rules, command);
  if (audit.has_error()) co_return audit.error();
  english::Self self{.user = user,
                     .name = person.value().name,
                     .full_member = person.value().full_member,
                     .audit = audit.value(),
                     .by_channel = person.value().full_member && by_channel(*rules)};
  auto answer = english::who_am_i(self, rights.value());
  auto told = co_await tell(command, std::move(answer));
  co_return told;
}

Task<Result<void>> Desk::refuse_audit(Delivery delivery, Command command,
                                      access::Decision decision) {
  auto entry = denied(delivery, command.caller, command.via, "audit", decision);
  auto written_down = co_await ledger_.append(std::move(entry));
  if (written_down.has_error()) co_return written_down.error();
  auto told = co_await tell(command, english::cannot_read_audit(decision.reason));
  co_return told;
}

Task<Result<void>> Desk::audit(Delivery delivery, Command command, Words words) {
  const auto rules = rules_.rules();
  access::Question question{.action = Action::audit, .channel = command.via.channel};
  auto decision =
      co_await gate_.may(rules, command.caller.user, std::move(question), permission::usual);
  if (decision.has_error()) co_return decision.error();
  if (!decision.value().allowed) {
    auto refused =
        co_await refuse_audit(std::move(delivery), std::move(command), std::move(decision).value());
    co_return refused;
  }
  std::ranges::transform(words, words.begin(), without_mention);
  auto entries = co_await ledger_.recent(std::move(words), shown_entries);
  if (entries.has_error()) co_return entries.error();
  std::vector<message::Text> lines;
  for (const auto& entry : entries.value()) lines.push_back(audit_line(entry));
  auto told = co_await tell(command, english::audit(lines));
  co_return told;
}

Task<Result<void>> Desk::status(Command command) {
  const auto rules = rules_.rules();
  auto counts = co_await jobs_.counts();
  if (counts.has_error()) co_return counts.error();
  auto running = co_await deployments_.unfinished();
  if (running.has_error()) co_return running.error();
  auto open = co_await deployments_.open_approvals();
  if (open.has_error()) co_return open.error();
  const auto listing = accounts_.listing();
  const auto unclassified = std::ranges::count_if(
      rules->accounts, [&](const auto& one) { return !access::environment_of(*rules, one); });
  auto accounts =
      english::accounts_line(rules->accounts.size(), static_cast<std::size_t>(unclassified),
                             listing.discover, listing.as_of, listing.moves);
  auto answer =
      english::desk_status(counts.value().waiting, counts.value().running, counts.value().dead,
                           running.value().size(), open.value().size(), accounts, rules->hash);
  auto told = co_await tell(command, std::move(answer));
  co_return told;
}

}  // namespace ringi::desk
