#include "handlers/permission/gate.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace ringi::permission {
namespace {

using access::Decision;
using access::Question;
using access::Rules;
using Rosters = std::map<std::string, std::vector<SlackUser>>;  // handle -> members

// What Slack says does not exist is nobody; any other failure stops the decision.
bool stops(const Error& failure) {
  return failure.code != Errc::not_found;
}

// Of the groups that the question needs; one that is unresolved or gone is left out.
Task<Result<Rosters>> read_groups(ports::Directory& directory, const Rules& rules,
                                  const Question& question, Duration max_age) {
  Rosters rosters;
  const auto handles = access::groups_needed(rules, question);
  for (const std::string& handle : handles) {
    const auto id = rules.group_ids.find(handle);
    if (id == rules.group_ids.end()) continue;
    auto members = co_await directory.members(id->second, max_age);
    if (members.has_value()) {
      rosters.emplace(handle, std::move(*members));
    } else if (stops(members.error())) {
      co_return ask_again(members.error());
    }
  }
  co_return rosters;
}

Task<Result<bool>> is_full_member(ports::Directory& directory, SlackUser user, Duration max_age) {
  auto person = co_await directory.person(user, max_age);
  if (person.has_value()) co_return person->full_member;
  if (stops(person.error())) co_return ask_again(person.error());
  co_return false;
}

access::Subject subject_of(const SlackUser& user, const Rosters& rosters) {
  access::Subject subject{.user = user, .full_member = true};
  for (const auto& [handle, members] : rosters) {
    subject.in_group[handle] = std::ranges::find(members, user) != members.end();
  }
  return subject;
}

// Everyone whom an allowing statement names by id or by group.
std::set<SlackUser> named(const Rules& rules, const Question& question, const Rosters& rosters) {
  std::set<SlackUser> users;
  for (const access::Who& term : access::who_may(rules, question)) {
    if (const auto* user = std::get_if<SlackUser>(&term)) users.insert(*user);
    const auto* group = std::get_if<access::Group>(&term);
    if (!group) continue;
    const auto own = rules.groups.find(group->handle);
    if (own != rules.groups.end()) users.insert(own->second.begin(), own->second.end());
    const auto read = rosters.find(group->handle);
    if (read != rosters.end()) users.insert(read->second.begin(), read->second.end());
  }
  return users;
}

// A full member of whom nothing else is known: where even they may, so may everyone but a few.
bool open_to_all(const Rules& rules, const Question& question, const Rosters& rosters) {
  return access::decide(rules, question, subject_of(SlackUser{}, rosters)).allowed;
}

}  // namespace

Error ask_again(const Error& failure) {
  if (failure.code == Errc::cancelled || failure.code == Errc::internal) return failure;
  return error(Errc::ask_again, failure.log,
               ForPerson{"Slack cannot be asked who is who right now."}, failure.service_code);
}

Task<Result<Decision>> Gate::may(std::shared_ptr<const Rules> rules, SlackUser user,
                                 Question question, Duration max_age) {
  const auto member = co_await is_full_member(directory_, user, max_age);
  if (member.has_error()) co_return member.error();
  if (!*member) {
    const access::Subject stranger{.user = user};
    co_return access::decide(*rules, question, stranger);
  }
  const auto rosters = co_await read_groups(directory_, *rules, question, max_age);
  if (rosters.has_error()) co_return rosters.error();
  co_return access::decide(*rules, question, subject_of(user, *rosters));
}

Task<Result<bool>> Gate::anyone(std::shared_ptr<const Rules> rules, Question question,
                                SlackUser except, Duration max_age) {
  const auto rosters = co_await read_groups(directory_, *rules, question, max_age);
  if (rosters.has_error()) co_return rosters.error();
  if (open_to_all(*rules, question, *rosters)) co_return true;
  const auto candidates = named(*rules, question, *rosters);
  for (const SlackUser& user : candidates) {
    if (user == except) continue;
    if (!access::decide(*rules, question, subject_of(user, *rosters)).allowed) continue;
    const auto member = co_await is_full_member(directory_, user, max_age);
    if (member.has_error()) co_return member.error();
    if (*member) co_return true;
  }
  co_return false;
}

Task<Result<std::optional<std::vector<SlackUser>>>> Gate::everyone(
    std::shared_ptr<const Rules> rules, Question question, Duration max_age) {
  using Everyone = std::optional<std::vector<SlackUser>>;
  const auto rosters = co_await read_groups(directory_, *rules, question, max_age);
  if (rosters.has_error()) co_return rosters.error();
  if (open_to_all(*rules, question, *rosters)) co_return Everyone{};

  std::vector<SlackUser> users;
  const auto candidates = named(*rules, question, *rosters);
  for (const SlackUser& user : candidates) {
    if (!access::decide(*rules, question, subject_of(user, *rosters)).allowed) continue;
    const auto member = co_await is_full_member(directory_, user, max_age);
    if (member.has_error()) co_return member.error();
    if (*member) users.push_back(user);
  }
  co_return Everyone{std::move(users)};
}

}  // namespace ringi::permission
