#include "handlers/message/english_accounts.hpp"

namespace ringi::message::english {
namespace {

constexpr std::size_t most_named = 10;

Text environment_named(const std::string& name, bool production) {
  if (name.empty()) return "no environment that ringi knows";
  return production ? bold("PRODUCTION") : plain(name, 80);
}

Text account_and_environment(const Place& place) {
  return account(place) + ", " + environment_named(place.environment, place.production);
}

Text were(const AccountNews::Were& before) {
  std::vector<Text> parts;
  for (const auto& [what, value] : before) {
    const auto word = what.substr(0, what.find('_'));
    parts.push_back(plain(word) + " was " + plain(value, 80));
  }
  return join(parts, ", ");
}

template <class One, class Say>
Text listed(const std::vector<One>& all, const Say& say) {
  std::vector<Text> named;
  for (const auto& one : all) {
    if (named.size() < most_named) named.push_back(say(one));
  }
  Text text = join(named, "; ");
  if (all.size() > most_named)
    text += "; and " + plain(std::to_string(all.size() - most_named)) + " more";
  return text;
}

Text destination(const Move& move) {
  return move.to.empty() ? Text{"no environment"} : plain(move.to, 80);
}

}  // namespace

Text account_news(const AccountNews& news) {
  std::vector<Text> lines;
  if (!news.added.empty())
    lines.push_back("New accounts: " + listed(news.added, account_and_environment) + ".");
  if (!news.removed.empty())
    lines.push_back("Accounts that are gone: " + listed(news.removed, account) +
                    ". Nobody can do anything there through ringi.");
  if (!news.changed.empty())
    lines.push_back("Accounts that changed: " +
                    listed(news.changed,
                           [](const auto& one) {
                             return account_and_environment(one.first) + " (" + were(one.second) +
                                    ")";
                           }) +
                    ".");
  return join(lines, "\n");
}

Button agree_button(const Move& move, const OpaqueId& id) {
  const std::string to = move.to.empty() ? "no environment" : move.to;
  return {
      .action = "account.move",
      .value = id.str(),
      .label = "Move to " + to,
      .style = Button::Style::danger,
      .confirm = Confirm{.title = "Move this account?",
                         .text = account(move.place) + " leaves " +
                                 environment_named(move.place.environment, move.place.production) +
                                 ": from then on the rules and the realm of " + destination(move) +
                                 " decide who may act there.",
                         .confirm = "Move",
                         .deny = "Cancel",
                         .danger = true}};
}

Message move_asks(const Move& move, Button agree) {
  return said("Tags and configuration move " + account(move.place) + " from " +
                  environment_named(move.place.environment, move.place.production) + " to " +
                  destination(move) +
                  ". Its old environment and realm stay in force until an operator agrees.",
              {std::move(agree)});
}

Message move_agreed(const Move& move, const SlackUser& by) {
  return said(account(move.place) + " was moved from " +
              environment_named(move.place.environment, move.place.production) + " to " +
              destination(move) + " by " + user(by) + ".");
}

Message move_dropped(const Move& move) {
  return said("The move of " + account(move.place) + " to " + destination(move) +
              " waits no more: tags and configuration say something else by now.");
}

Message cannot_operate(std::string_view rule, const Text& who) {
  Text line = "You cannot move accounts: " + plain(rule) + ". ";
  line += who.empty() ? Text{"Nobody can yet: a [[policy]] with the action `operate` gives it."}
                      : who + " can.";
  return said(line);
}

Message move_waits_no_more() {
  return said("Nothing was changed: this move waits no more.");
}

Message moved_before() {
  return said("This move is agreed to and recorded; its card says by whom.");
}

Message moved(const Move& move) {
  return said("Recorded: " + account(move.place) + " moves to " + destination(move) + ".");
}

Text accounts_line(std::size_t all, std::size_t unclassified, bool discover,
                   std::optional<Time> as_of, std::size_t moves) {
  Text line = "Accounts: " + plain(std::to_string(all));
  if (unclassified > 0)
    line += ", " + plain(std::to_string(unclassified)) + " of them without an environment";
  if (moves > 0) line += "; moves that wait for an operator: " + plain(std::to_string(moves));
  if (!discover) return line + ".";
  if (!as_of) return line + "; AWS Organizations has not answered yet.";
  return line + "; AWS Organizations answered " + date(*as_of) + ".";
}

Message which_account(std::string_view name, const std::vector<std::string>& ids) {
  std::vector<Text> named;
  for (const auto& id : ids) named.push_back(code(id));
  return said("Several accounts are named " + code(name) + ": write the id instead, " +
              join(named, " or ") + ".");
}

}  // namespace ringi::message::english
