#include "server/cli/policy.hpp"

#include "handlers/access/explain.hpp"
#include "handlers/access/nearest.hpp"
#include "handlers/access/target.hpp"
#include "server/config/rules.hpp"

#include <algorithm>
#include <ostream>

namespace ringi::cli {
namespace {

using access::Question;
using access::Rules;

int tell(std::ostream& err, const std::string& what, const std::string& where,
         const std::string& mend) {
  err << "ringi: " << what << ", " << where << ", " << mend << "\n";
  return wrong_usage;
}

// `rules` owns the account that the question points to.
std::optional<Question> read_question(const PolicyOptions& options, const Rules& rules,
                                      std::ostream& err) {
  const auto action = access::parse_action(options.action);
  if (!action) {
    tell(err, "no such action", "--action", "write start, read, approve, audit or operate");
    return std::nullopt;
  }
  Question question{.action = *action};
  if (access::is_about_no_account(*action)) return question;
  const auto target = access::parse_target(options.target);
  if (target.has_error() || target->account.empty()) {
    tell(err, "not a target", "--target", "write ACCOUNT/PIPELINE");
    return std::nullopt;
  }
  question.pipeline = target->pipeline;
  question.account = access::find_account(rules, target->account);
  if (question.account) return question;
  std::vector<std::string> names;
  for (const access::Account& account : rules.accounts)
    names.push_back(access::address_of(account));
  const auto meant = access::nearest(target->account, names);
  tell(err, "there is no account \"" + target->account + "\"", "--target",
       meant ? "did you mean \"" + *meant + "\"?" : "see ringi policy show");
  return std::nullopt;
}

std::string age(const Surroundings& surroundings, Time as_of) {
  return human_duration(surroundings.now - as_of) + " old";
}

void print_group(const Rules& rules, const std::string& handle, const Surroundings& surroundings,
                 Remembered& copies, std::ostream& out) {
  std::vector<SlackUser> members;
  out << "  @" << handle << ": ";
  if (const auto own = rules.groups.find(handle); own != rules.groups.end()) {
    members = own->second;
    out << "of the configuration;";
  } else {
    const GroupCopy copy = copies.group(handle);
    if (!copy.members) {
      out << "not known yet; matches nobody in an allow and everyone in a deny\n";
      return;
    }
    members = *copy.members;
    out << "copy " << age(surroundings, copy.as_of) << ";";
  }
  for (const SlackUser& member : members) out << " " << member.str();
  out << "\n";
}

access::Subject read_subject(const SlackUser& user, const Rules& rules, const Question& question,
                             const Surroundings& surroundings, Remembered& copies,
                             std::ostream& out) {
  access::Subject subject{.user = user};
  const PersonCopy person = copies.person(user);
  subject.full_member = person.full_member.value_or(true);
  out << user.str();
  if (person.full_member) {
    out << (subject.full_member ? ": a full member, copy " : ": no full member, copy ")
        << age(surroundings, person.as_of) << "\n";
  } else {
    out << ": not known yet, taken for a full member\n";
  }
  for (const std::string& handle : access::groups_needed(rules, question)) {
    print_group(rules, handle, surroundings, copies, out);
    const GroupCopy copy = copies.group(handle);
    if (!copy.members) continue;
    subject.in_group[handle] = std::ranges::find(*copy.members, user) != copy.members->end();
  }
  return subject;
}

void print_list(std::ostream& out, const char* name, const std::vector<std::string>& values) {
  if (values.empty()) return;
  out << "  " << name << ":";
  for (const std::string& value : values) out << " " << value;
}

void print_statement(const access::Statement& statement, std::ostream& out) {
  out << (statement.effect == access::Statement::Effect::deny ? "deny   " : "allow  ")
      << statement.id << "\n        ";
  for (const access::Action action : statement.actions) out << " " << name_of(action);
  out << "  who:";
  for (const access::Who& term : statement.who) out << " " << access::to_text(term);
  print_list(out, "team", statement.team);
  print_list(out, "environment", statement.environment);
  print_list(out, "account", statement.account);
  print_list(out, "pipeline", statement.pipeline);
  print_list(out, "channel", statement.channel);
  out << "\n";
}

}  // namespace

int run_policy_explain(const PolicyOptions& options, const Surroundings& surroundings,
                       Remembered& copies, std::ostream& out, std::ostream& err) {
  const auto config = load_or_tell(options.config, surroundings, err);
  if (!config) return wrong_usage;
  const Rules rules = config::rules_of(*config, copies.accounts(*config));
  const auto user = SlackUser::parse(options.user);
  if (!user) return tell(err, "not a Slack user id", "--user", "write U0123");
  const auto question = read_question(options, rules, err);
  if (!question) return wrong_usage;
  const auto subject = read_subject(*user, rules, *question, surroundings, copies, out);
  const auto explanation = access::explain(rules, *question, subject);
  out << access::to_text(explanation);
  return explanation.decision.allowed ? ok : not_ok;
}

int run_policy_who(const PolicyOptions& options, const Surroundings& surroundings,
                   Remembered& copies, std::ostream& out, std::ostream& err) {
  const auto config = load_or_tell(options.config, surroundings, err);
  if (!config) return wrong_usage;
  const Rules rules = config::rules_of(*config, copies.accounts(*config));
  const auto question = read_question(options, rules, err);
  if (!question) return wrong_usage;
  const auto terms = access::who_may(rules, *question);
  const auto elsewhere = access::elsewhere(rules, *question);
  if (terms.empty())
    out << "nobody: no rule allows it" << (elsewhere.empty() ? "\n" : " in every channel\n");
  for (const access::Who& term : terms) {
    const auto* group = std::get_if<access::Group>(&term);
    if (group) {
      print_group(rules, group->handle, surroundings, copies, out);
    } else {
      out << "  " << access::to_text(term) << "\n";
    }
  }
  for (const access::Statement& statement : access::denies(rules, *question)) {
    out << "  except: ";
    print_statement(statement, out);
  }
  for (const access::Statement& statement : elsewhere) {
    out << "  only in certain channels: ";
    print_statement(statement, out);
  }
  return terms.empty() ? not_ok : ok;
}

int run_policy_show(const PolicyOptions& options, const Surroundings& surroundings,
                    Remembered& copies, std::ostream& out, std::ostream& err) {
  const auto config = load_or_tell(options.config, surroundings, err);
  if (!config) return wrong_usage;
  const Rules rules = config::rules_of(*config, copies.accounts(*config));
  for (const access::Statement& statement : rules.statements) print_statement(statement, out);
  const auto names = config::names_to_resolve(*config, rules.accounts);
  if (!names.groups.empty() || !rules.groups.empty()) out << "groups\n";
  for (const std::string& handle : names.groups) {
    print_group(rules, handle, surroundings, copies, out);
  }
  for (const auto& [handle, members] : rules.groups) {
    print_group(rules, handle, surroundings, copies, out);
  }
  return ok;
}

}  // namespace ringi::cli
