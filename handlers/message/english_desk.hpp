#pragma once

#include "handlers/message/english.hpp"

namespace ringi::message::english {

// Answers of /ringi.
struct Help {
  std::string deploy, ringi;  // as the commands are named
  bool read = false, start = false, approve = false, audit = false;
};
Message help(const Help& may);

struct Self {
  SlackUser user;
  std::string name;
  bool full_member = false;
  bool audit = false;
  bool by_channel = false;  // some rules hold in certain channels only
};
Message who_am_i(const Self& self, const std::vector<Text>& rights);
// "start (pipelines web-*; not web-secret)"
Text reach(std::string_view verb, const std::vector<std::string>& only,
           const std::vector<std::string>& except);
Text right(const std::vector<Text>& reaches, const Place& place);

// Why
Message may_do(std::string_view verb, const Place& place, std::string_view reason);
Message may_do_observed(const Place& place, std::string_view reason);  // start, in observe mode
// `own`: what waits and was started by the person who asks.
Message may_approve(const Place& place, std::string_view reason, std::string_view four_eyes,
                    const std::vector<ExecutionId>& own);
Message may_not(const Refusal& refusal, std::string_view ringi);
Message unclassified(std::string_view account_name, const AccountId& account);
Message has_no_target(std::string_view action, std::string_view usage);
Message which_target(const std::vector<std::string>& targets, std::string_view usage);

// Who
struct WhoMay {
  std::string_view verb;
  Text terms;  // of the rules
  bool everyone = false;
  std::string four_eyes;  // the rule that keeps the starter out; "": none
};
Message who_may(const WhoMay& answer, const Place& place, const std::vector<SlackUser>& people);

// The ledger and ringi itself
Message cannot_read_audit(std::string_view rule);
Text audit_line(std::string_view seq, const Text& time, std::string_view kind, const Text& who,
                std::string_view target, std::string_view outcome);
Message audit(const std::vector<Text>& lines);
Message desk_status(int waiting, int running, int dead, std::size_t deployments,
                    std::size_t approvals, const Text& accounts, std::string_view config);

}  // namespace ringi::message::english
