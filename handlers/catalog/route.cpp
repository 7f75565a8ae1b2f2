#include "handlers/catalog/route.hpp"

#include "handlers/access/nearest.hpp"
#include "handlers/message/english.hpp"
#include "handlers/pipeline/words.hpp"

#include <algorithm>
#include <array>

namespace ringi::catalog {
namespace {

namespace english = message::english;
using enum CommandId;
using Guests = CommandRow::Guests;

constexpr std::array rows{
    CommandRow{deploy_home, "deploy", "", ""},
    CommandRow{deploy_help, "deploy", "help", " help"},
    CommandRow{deploy_list, "deploy", "list", " list [WORDS…]"},
    CommandRow{deploy_pending, "deploy", "pending", " pending"},
    CommandRow{deploy_start, "deploy", "start",
               " start TARGET [NAME=VALUE …] [--revision ACTION=REVISION]", Guests::heard},
    CommandRow{deploy_status, "deploy", "status", " status TARGET"},
    CommandRow{ringi_help, "ringi", "", " help"},
    CommandRow{ringi_help, "ringi", "help", " help"},
    CommandRow{ringi_whoami, "ringi", "whoami", " whoami", Guests::heard},
    CommandRow{ringi_why, "ringi", "why", " why TARGET [ACTION]"},
    CommandRow{ringi_who, "ringi", "who", " who TARGET ACTION"},
    CommandRow{ringi_audit, "ringi", "audit", " audit [FILTER…]"},
    CommandRow{ringi_status, "ringi", "status", " status"},
};

// Words of the contract that a later version takes.
constexpr std::array later{"history", "stop",     "retry", "rollback", "freeze",
                           "freezes", "unfreeze", "mute",  "mutes",    "unmute"};

message::Message unknown(const access::Rules& rules, const std::string& word,
                         const std::string& sub) {
  std::vector<std::string> known;
  std::string usage = "Usage:";
  for (const auto& row : rows) {
    if (row.word != word || *row.sub == '\0') continue;
    known.emplace_back(row.sub);
    usage += (known.size() > 1 ? " | " : " ") + called(rules, word) + " " + row.sub;
  }
  const auto near = access::nearest(sub, known);
  return english::unknown_word(sub, near ? called(rules, word) + " " + *near : "", usage);
}

}  // namespace

std::string called(const access::Rules& rules, const std::string& word) {
  return word == "deploy" ? rules.command_deploy : rules.command_ringi;
}

std::span<const CommandRow> command_rows() {
  return rows;
}

std::variant<Route, message::Message> route(const access::Rules& rules, const Command& command) {
  auto word = command.word;
  auto words = pipeline::split_words(command.text);
  if (!words.empty()) words.front() = pipeline::lower_case(std::move(words.front()));
  // "/ringi deploy …" and "@ringi deploy …" are "/deploy …"
  if (word == "ringi" && !words.empty() && (words.front() == "deploy" || words.front() == "aws")) {
    word = words.front();
    words.erase(words.begin());
    if (!words.empty()) words.front() = pipeline::lower_case(std::move(words.front()));
  }
  if (word == "aws") return english::not_in_this_version(rules.command_aws);
  if (word != "deploy") word = "ringi";
  const std::string sub = words.empty() ? "" : words.front();
  const auto* row = std::ranges::find_if(
      rows, [&](const CommandRow& one) { return one.word == word && one.sub == sub; });
  if (row != rows.end()) {
    if (!words.empty()) words.erase(words.begin());
    return Route{row, std::move(words)};
  }
  if (std::ranges::find(later, sub) != later.end())
    return english::not_in_this_version(called(rules, word) + " " + sub);
  return unknown(rules, word, sub);
}

}  // namespace ringi::catalog
