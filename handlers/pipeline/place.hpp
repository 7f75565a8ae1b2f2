#pragma once

#include "handlers/access/decide.hpp"
#include "handlers/message/english.hpp"
#include "handlers/pipeline/model.hpp"
#include "handlers/ports/ledger.hpp"

#include <optional>
#include <string>

namespace ringi::pipeline {

// An execution's or pipeline's account and environment as the rules in force name them.
// REQUIRES: the rules outlive it.
struct Site {
  const access::Account* account;
  const access::Environment* environment;
  message::Place place;
};

// nullopt: the account is not registered, or its environment is unknown; ringi does nothing there.
std::optional<Site> site_of(const access::Rules& rules, const PipelineRef& ref);

ports::Subject subject_of(const Site& site,
                          const ExecutionRef& ref);  // an empty execution is left out

// Who started it, for four eyes: our own row, our own session in the account, else [people]. Empty:
// unknown.
SlackUser starter_of(const access::Rules& rules, const Site& site, const SlackUser& row,
                     const ExecutionFacts& facts);

// The person in whose name ringi itself made this session (RoleSessionName), if it is one of ours.
SlackUser session_user(const access::Account& account, const std::string& principal);

// The trigger's principal; "" for triggers that are no person's.
std::string principal_of(const ExecutionFacts& facts);

std::string execution_url(const access::Rules& rules, const ExecutionRef& ref);

// "@web-leads, @hanako": mentions of who is meant; empty for nobody.
message::Text who_text(const access::Rules& rules, const access::Account& account,
                       const std::vector<access::Who>& who);

access::Question question_about(const Site& site, access::Action action, const PipelineRef& ref,
                                const Via& via);

// Who may approve, as it is asked where the card stands.
access::Question approval_question(const access::Rules& rules, const Site& site,
                                   const PipelineRef& ref);

// Why the answer is no, and who could instead.
message::english::Refusal refusal_of(const access::Rules& rules, const Site& site,
                                     const access::Question& question,
                                     const access::Decision& decision);

// One sentence of the rules for a person to ask: "/ringi why web-prod/web start".
std::string why_command(const access::Rules& rules, const Site& site, access::Action action);

// The key of the execution's card in ports::Cards.
std::string card_key(const ExecutionRef& ref);

}  // namespace ringi::pipeline
