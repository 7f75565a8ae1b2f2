#pragma once

#include "handlers/message/message.hpp"
#include "handlers/types/error.hpp"

#include <cstdint>

// Every sentence that ringi says in English: commands and refusals here, the card in
// english_card.hpp, decisions in english_decision.hpp, lists in english_lists.hpp, accounts in
// english_accounts.hpp, AWS's absence in english_operators.hpp, /ringi in english_desk.hpp. A
// further language is a further catalogue of this shape.
namespace ringi::message {

// One pipeline as people see it.
struct Place {
  std::string pipeline, account_name;
  AccountId account;
  std::string environment;
  bool production = false;
  Region region;
  bool shares_name = false;  // another account bears the name too: only the id finds it
};

Message said(const Text& line);  // one line, no buttons
Message said(const Text& line, std::vector<Button> buttons);

namespace english {

Text account(const Place& place);  // "web-prod (2222-3333-4444)"
Text whole(const Place& place);    // "web in web-prod (2222-3333-4444), PRODUCTION, ap-northeast-1"
std::string target(const Place& place);                // "web-prod/web"
std::string_view short_revision(std::string_view id);  // a commit as git shortens it

// Commands
Message unknown_word(std::string_view word, std::string_view nearest, std::string_view usage);
Message usage(std::string_view line);
Message not_in_this_version(std::string_view what);
Message malformed(std::string_view what, std::string_view usage);
Message no_pipeline(std::string_view name, std::string_view nearest, std::string_view deploy);
Message no_account(std::string_view name, std::string_view nearest, std::string_view deploy);

// Starting
Message starting(const Place& place, std::string_view permalink);
Message ask_start(const Place& place, const Text& deployed_last, const Text& revision,
                  const Text& variables, Button start);
Message choose(std::string_view pipeline, std::vector<Button> candidates);
Text deployed_last(std::string_view id, std::string_view summary);
Message observed_start(const Place& place);
// Why a button that is pressed does nothing.
enum class DeadButton { used_before, expired, not_yours, unknown, pipeline_gone };
Message confirmation_gone(DeadButton why, std::string_view deploy);

// Refusals: the rule, who could instead, how to ask why.
struct Refusal {
  std::string verb, target, rule;  // "start", "web-prod/web", "no rule allows it"
  Text who;                        // empty: nobody
  std::string why_command;         // "/ringi why web-prod/web start"
};
Message refused(const Refusal& refusal);
Message not_a_caller();
Message shared_channel();

// What went wrong after the acknowledgement.
Text what_failed(const Error& error);  // without a full stop: the sentence goes on
Message failed_for_now(const Error& error, std::string_view short_id);
Message failed(const Error& error, std::string_view short_id);
Message failed_but_done(const Error& error, std::string_view short_id);
Message not_known(const Error& error, std::string_view deploy, std::string_view short_id);
Message too_old(std::string_view short_id);
Message too_old_but_done(std::string_view deploy, std::string_view short_id);
Message too_old_but_begun(std::string_view deploy, std::string_view short_id);
Message still_wanted(std::string_view words, Button yes);
Message going_ahead(std::string_view words);
Message wanted_no_more(DeadButton why);
Message press_again();

}  // namespace english
}  // namespace ringi::message
