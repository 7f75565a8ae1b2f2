#pragma once

#include "handlers/access/rules.hpp"
#include "handlers/message/message.hpp"
#include "handlers/types/requests.hpp"

#include <span>
#include <string>
#include <variant>
#include <vector>

namespace ringi::catalog {

enum class CommandId {
  deploy_home,
  deploy_help,
  deploy_list,
  deploy_pending,
  deploy_start,
  deploy_status,
  ringi_help,
  ringi_whoami,
  ringi_why,
  ringi_who,
  ringi_audit,
  ringi_status,
};

struct CommandRow {
  CommandId id;
  const char* word;   // "deploy" or "ringi": the command's own name, whatever it is called in Slack
  const char* sub;    // "" for the command alone
  const char* usage;  // after the command's name
  enum class Guests {
    refused,
    heard
  } guests = Guests::refused;  // heard: the handler itself refuses, and writes it down
};

// Every command of this version.
std::span<const CommandRow> command_rows();

struct Route {
  const CommandRow* row;
  std::vector<std::string> words;  // what follows the subcommand
};

// What the configuration calls a command: "deploy" is "/deploy" where nobody renamed it.
std::string called(const access::Rules& rules, const std::string& word);

// The row, or the answer for what is no command of this version. Pure.
std::variant<Route, message::Message> route(const access::Rules& rules, const Command& command);

}  // namespace ringi::catalog
