#include "handlers/pipeline/place.hpp"

#include <algorithm>
#include <cctype>

namespace ringi::pipeline {
namespace {

using message::Text;

std::string url_encoded(std::string_view text) {
  std::string out;
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
      out += c;
    } else {
      constexpr std::string_view hex = "0123456789ABCDEF";
      out += {'%', hex[byte >> 4U], hex[byte & 15U]};
    }
  }
  return out;
}

// docs: AWS partitions have consoles of their own.
std::string console_host(const Region& region) {
  if (region.str().starts_with("cn-")) return region.str() + ".console.amazonaws.cn";
  if (region.str().starts_with("us-gov-")) return "console.amazonaws-us-gov.com";
  return region.str() + ".console.aws.amazon.com";
}

Text group_text(const access::Rules& rules, const std::string& handle) {
  const auto id = rules.group_ids.find(handle);
  if (id != rules.group_ids.end()) return message::group(id->second);
  const auto own = rules.groups.find(handle);
  if (own == rules.groups.end() || own->second.size() > 5) return "@" + message::plain(handle);
  std::vector<Text> people;
  for (const auto& one : own->second) people.push_back(message::user(one));
  return message::join(people, ", ");
}

Text term_text(const access::Rules& rules, const access::Account& account, const access::Who& who) {
  const auto* team = access::team_of(rules, account);
  const auto of_team = [&](const std::optional<access::Who>& term) {
    return term ? term_text(rules, account, *term) : Text{};
  };
  if (std::holds_alternative<access::Members>(who)) return "every member";
  if (std::holds_alternative<access::TeamMembers>(who))
    return team == nullptr ? Text{} : of_team(team->members);
  if (std::holds_alternative<access::TeamApprovers>(who))
    return team == nullptr ? Text{} : of_team(team->approvers);
  if (const auto* group = std::get_if<access::Group>(&who)) return group_text(rules, group->handle);
  return message::user(std::get<SlackUser>(who));
}

}  // namespace

std::optional<Site> site_of(const access::Rules& rules, const PipelineRef& ref) {
  const auto* account = access::find_account(rules, ref.account);
  if (account == nullptr) return std::nullopt;
  const auto* environment = access::environment_of(rules, *account);
  if (environment == nullptr) return std::nullopt;
  message::Place place{ref.pipeline.str(),  account->name,           account->id,
                       environment->name,   environment->production, ref.region,
                       account->shares_name};
  return Site{account, environment, std::move(place)};
}

ports::Subject subject_of(const Site& site, const ExecutionRef& ref) {
  ports::Subject subject;
  subject.account = ref.pipeline.account;
  subject.account_name = site.account->name;
  subject.environment = site.environment->name;
  subject.region = ref.pipeline.region;
  subject.pipeline = ref.pipeline.pipeline;
  subject.execution = ref.execution;
  return subject;
}

// arn:aws:sts::222233334444:assumed-role/ringi/U0123
SlackUser session_user(const access::Account& account, const std::string& principal) {
  if (account.role.empty()) return {};
  const auto role = "::" + account.id.str() + ":assumed-role/" + account.role + "/";
  const auto at = principal.find(role);
  if (at == std::string::npos) return {};
  return SlackUser::parse(principal.substr(at + role.size())).value_or(SlackUser{});
}

std::string principal_of(const ExecutionFacts& facts) {
  return facts.trigger_detail.starts_with("arn:") && facts.trigger_type != "CloudWatchEvent"
             ? facts.trigger_detail
             : std::string{};
}

SlackUser starter_of(const access::Rules& rules, const Site& site, const SlackUser& row,
                     const ExecutionFacts& facts) {
  if (!row.empty()) return row;
  if (auto ours = session_user(*site.account, facts.trigger_detail); !ours.empty()) return ours;
  for (const auto& [glob, person] : rules.people) {
    if (access::glob_matches(glob, facts.trigger_detail)) return person;
  }
  return {};
}

std::string execution_url(const access::Rules& rules, const ExecutionRef& ref) {
  const auto& region = ref.pipeline.region;
  auto page = "https://" + console_host(region) + "/codesuite/codepipeline/pipelines/" +
              url_encoded(ref.pipeline.pipeline.str()) + "/executions/" + ref.execution.str() +
              "/timeline?region=" + region.str();
  if (!rules.console.starts_with("https://")) return page;
  return rules.console + "/#/console?account_id=" + ref.pipeline.account.str() +
         "&destination=" + url_encoded(page);
}

Text who_text(const access::Rules& rules, const access::Account& account,
              const std::vector<access::Who>& who) {
  std::vector<Text> terms;
  for (const auto& one : who) {
    auto text = term_text(rules, account, one);
    if (std::ranges::find(terms, text) == terms.end()) terms.push_back(std::move(text));
  }
  return message::join(terms, ", ");
}

access::Question question_about(const Site& site, access::Action action, const PipelineRef& ref,
                                const Via& via) {
  return {
      .action = action, .account = site.account, .pipeline = ref.pipeline, .channel = via.channel};
}

access::Question approval_question(const access::Rules& rules, const Site& site,
                                   const PipelineRef& ref) {
  Via via;
  via.channel = access::channel_of(rules, *site.account);
  return question_about(site, access::Action::approve, ref, via);
}

std::string why_command(const access::Rules& rules, const Site& site, access::Action action) {
  return rules.command_ringi + " why " + message::english::target(site.place) + " " +
         std::string{access::name_of(action)};
}

message::english::Refusal refusal_of(const access::Rules& rules, const Site& site,
                                     const access::Question& question,
                                     const access::Decision& decision) {
  return {.verb = std::string{access::name_of(question.action)},
          .target = message::english::target(site.place),
          .rule = decision.reason,
          .who = who_text(rules, *site.account, access::who_may(rules, question)),
          .why_command = why_command(rules, site, question.action)};
}

std::string card_key(const ExecutionRef& ref) {
  return "execution:" + to_string(ref.pipeline) + "/" + ref.execution.str();
}

}  // namespace ringi::pipeline
