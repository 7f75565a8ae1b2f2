#include "handlers/message/english_desk.hpp"

#include "handlers/message/english_lists.hpp"

namespace ringi::message::english {

namespace {

Text environment(const Place& place) {
  return place.production ? bold("PRODUCTION") : plain(place.environment);
}

Text listed(const std::vector<std::string>& words) {
  std::vector<Text> all;
  for (const auto& word : words) all.push_back(code(word));
  return join(all, ", ");
}

}  // namespace

Message help(const Help& may) {
  std::vector<Text> lines;
  const auto add = [&lines](const std::string& command, const Text& does) {
    lines.push_back(code(command, 200) + "  " + does);
  };
  add(may.deploy, "what waits for you, and what you can start");
  if (may.start) {
    add(may.deploy + " start TARGET [NAME=VALUE …] [--revision ACTION=REVISION]",
        "start a pipeline; production asks once more");
  }
  if (may.read) {
    add(may.deploy + " list [WORDS…]", "the pipelines that you can see");
    add(may.deploy + " pending", "what waits for approval");
    add(may.deploy + " status TARGET", "the latest executions of one pipeline");
  }
  if (may.approve) add("Approve, Reject", "buttons on the cards that wait for you");
  add(may.ringi + " whoami", "who you are to ringi, and what you may do");
  add(may.ringi + " why TARGET [ACTION]", "which rule decides for you");
  add(may.ringi + " who TARGET ACTION", "who may");
  if (may.audit) add(may.ringi + " audit [FILTER…]", "the ledger: who did what, when and why");
  add(may.ringi + " status", "how ringi itself is");
  auto message = list_of(bold("What you can do here"), lines);
  message.blocks.emplace_back(
      Context{{"TARGET is " + code("ACCOUNT/PIPELINE") + ", with " + code("@REGION") +
               " where there are several; " + code("PIPELINE") + " alone where it is unique."}});
  return message;
}

Message who_am_i(const Self& self, const std::vector<Text>& rights) {
  Text heading = "You are " + user(self.user) + " (" + plain(self.name, 80) + ", " +
                 code(self.user.str()) + "), ";
  heading += self.full_member ? Text{"a full member of this workspace."}
                              : Text{"not a full member of this workspace: no rule matches you."};
  auto lines = rights;
  if (self.audit) lines.emplace_back("The ledger: audit");
  if (lines.empty()) lines.emplace_back("No rule allows you anything yet.");
  if (self.by_channel)
    lines.emplace_back("Some rules hold in certain channels only: this is what holds here.");
  return list_of(heading, lines);
}

Text reach(std::string_view verb, const std::vector<std::string>& only,
           const std::vector<std::string>& except) {
  std::vector<Text> limits;
  if (!only.empty()) limits.push_back("pipelines " + listed(only));
  if (!except.empty()) limits.push_back("not " + listed(except));
  return limits.empty() ? plain(verb) : plain(verb) + " (" + join(limits, "; ") + ")";
}

Text right(const std::vector<Text>& reaches, const Place& place) {
  return account(place) + " · " + environment(place) + ": " + join(reaches, ", ");
}

Message may_do(std::string_view verb, const Place& place, std::string_view reason) {
  return said("You may " + plain(verb) + " " + whole(place) + ": " + plain(reason) + ".");
}

Message may_do_observed(const Place& place, std::string_view reason) {
  return said("The rules let you start " + whole(place) + ": " + plain(reason) +
              ". But ringi only observes there and starts nothing; start it in AWS.");
}

Message may_approve(const Place& place, std::string_view reason, std::string_view four_eyes,
                    const std::vector<ExecutionId>& own) {
  Text line = "You may approve " + whole(place) + ": " + plain(reason) +
              ". Four eyes decide there (" + code(four_eyes) +
              "): nobody approves what they started";
  std::vector<Text> executions;
  for (const auto& one : own) executions.push_back(code(one.str().substr(0, 8)));
  if (executions.empty()) return said(line + ".");
  return said(line + ", so you cannot approve " + join(executions, ", ") +
              ", which waits now: you started it. You may reject it.");
}

Message may_not(const Refusal& refusal, std::string_view ringi) {
  const Text line = "You cannot " + plain(refusal.verb) + " " + plain(refusal.target) + ": " +
                    plain(refusal.rule) + ".";
  if (refusal.who.empty())
    return said(line + " Nobody else can either; an operator can change the rules.");
  return said(line + " " + refusal.who + " can. Each of them: " +
              code(std::string{ringi} + " who " + refusal.target + " " + refusal.verb));
}

Message unclassified(std::string_view account_name, const AccountId& id) {
  return said("No rule matches " +
              account({.account_name = std::string{account_name}, .account = id}) +
              ": ringi knows no environment of it, so nobody can do anything there. Whoever keeps "
              "ringi's configuration can name one.");
}

Message has_no_target(std::string_view action, std::string_view usage_line) {
  return said(code(action) +
              " belongs to no pipeline: a [[policy]] with that action gives it.\nUsage: " +
              code(usage_line, 600));
}

Message which_target(const std::vector<std::string>& targets, std::string_view usage_line) {
  constexpr std::size_t most = 20;
  auto shown = targets;
  if (shown.size() > most) shown.resize(most);
  Text line = "There are several: " + listed(shown);
  if (targets.size() > most)
    line += " and " + plain(std::to_string(targets.size() - most)) + " more";
  return said(line + ". Name one of them: " + code(usage_line, 600));
}

Message who_may(const WhoMay& answer, const Place& place, const std::vector<SlackUser>& people) {
  const Text head = bold(plain(answer.verb)) + " of " + whole(place) + ": ";
  const Text tail =
      answer.four_eyes.empty()
          ? Text{}
          : " Four eyes decide there (" + code(answer.four_eyes) + "): not whoever started it.";
  if (answer.everyone) return said(head + "every full member of this workspace." + tail);
  if (people.empty()) return said(head + "nobody.");
  constexpr std::size_t most = 30;
  std::vector<Text> names;
  for (const auto& one : people) {
    if (names.size() < most) names.push_back(user(one));
  }
  Text line = head + join(names, ", ");
  if (people.size() > most) line += " and " + plain(std::to_string(people.size() - most)) + " more";
  if (!answer.terms.empty()) line += " (by " + answer.terms + ")";
  return said(line + "." + tail);
}

Message cannot_read_audit(std::string_view rule) {
  return said("You cannot read the ledger: " + plain(rule) +
              ". A [[policy]] with the action `audit` gives it.");
}

Text audit_line(std::string_view seq, const Text& time, std::string_view kind, const Text& who,
                std::string_view target_name, std::string_view outcome) {
  Text line = bold("#" + plain(seq)) + "  " + time + "  " + code(kind);
  if (!who.empty()) line += "  " + who;
  if (!target_name.empty()) line += "  " + plain(target_name, 160);
  return outcome.empty() ? line : line + "  " + plain(outcome, 200);
}

Message audit(const std::vector<Text>& lines) {
  return list_of(bold("Ledger, newest first"),
                 lines.empty() ? std::vector<Text>{nothing_found()} : lines);
}

Message desk_status(int waiting, int running, int dead, std::size_t deployments,
                    std::size_t approvals, const Text& accounts, std::string_view config) {
  const auto figure = [](auto count) { return plain(std::to_string(count)); };
  std::vector<Text> lines{
      "Deployments followed: " + figure(deployments) + " · approvals open: " + figure(approvals),
      "Jobs: " + figure(waiting) + " waiting, " + figure(running) + " running, " + figure(dead) +
          " failed for good",
      accounts, "Configuration " + code(config.substr(0, 23))};
  return list_of(bold("ringi"), lines);
}

}  // namespace ringi::message::english
