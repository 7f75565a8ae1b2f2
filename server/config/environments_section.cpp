#include "server/config/names.hpp"
#include "server/config/reader.hpp"
#include "server/config/sections.hpp"
#include "server/config/terms.hpp"

namespace ringi::config {
namespace {

std::optional<access::Comment> parse_comment(std::string_view text) {
  if (text == "never") return access::Comment::never;
  if (text == "reject") return access::Comment::reject;
  if (text == "always") return access::Comment::always;
  return std::nullopt;
}

std::optional<access::Cards> parse_cards(std::string_view text) {
  if (text == "all") return access::Cards::all;
  if (text == "approvals") return access::Cards::approvals;
  if (text == "failures") return access::Cards::failures;
  return std::nullopt;
}

std::optional<access::Mode> parse_mode(std::string_view text) {
  if (text == "act") return access::Mode::act;
  if (text == "observe") return access::Mode::observe;
  return std::nullopt;
}

void read_quorum(Reader& table) {
  const Value* const quorum = table.find("quorum", Value::Kind::number);
  if (quorum && quorum->number != 1) {
    table.problem("quorum", "a quorum other than 1: not in this version", "write 1");
  }
}

bool read_four_eyes(Reader& table) {
  if (!table.has("four_eyes")) {
    table.find("four_eyes");
    return true;
  }
  bool starter = false;
  table.each_text("four_eyes", [&](const Value& item, const std::string& path) {
    if (item.text == "starter") {
      starter = true;
    } else if (item.text == "authors") {
      table.problem_at(item, path, "four_eyes \"authors\": not in this version", "take it out");
    } else {
      table.expected_at(item, path, "\"starter\"");
    }
  });
  return starter;
}

void read_approval(Reader& table, access::Environment& facts) {
  facts.four_eyes_starter = read_four_eyes(table);
  facts.comment = table.parsed("comment", "\"never\", \"reject\" or \"always\"", parse_comment)
                      .value_or(facts.comment);
  read_quorum(table);
  table.refuse({"remind_after", "expires", "on_expiry"});
}

Environment read_environment(const std::string& name, Reader& table) {
  Environment environment{.place = table.place()};
  access::Environment& facts = environment.facts;
  facts.name = name;
  environment.start = read_who(table, "start");
  environment.read = read_who(table, "read");
  environment.approve = read_who(table, "approve");
  table.section("approval", [&](Reader& approval) { read_approval(approval, facts); });
  facts.cards = table.parsed("cards", "\"all\", \"approvals\" or \"failures\"", parse_cards)
                    .value_or(facts.cards);
  facts.mode = table.parsed("mode", "\"act\" or \"observe\"", parse_mode).value_or(facts.mode);
  table.refuse({"stop", "retry", "rollback", "query", "query-content", "freeze", "override",
                "acknowledge", "mute", "archive"});
  for (const std::string_view elsewhere : {"audit", "operate"}) {
    if (table.find(elsewhere)) {
      table.problem(elsewhere, "belongs to no environment", "give it in a [[policy]]");
    }
  }
  return environment;
}

}  // namespace

void read_environments(Reader& top, Config& config) {
  top.each_named("environments", [&](const std::string& name, Reader& table) {
    if (!parse_name(name)) {
      table.problem("", "not an environment's name", std::string{expected_name});
    }
    config.environments.emplace(name, read_environment(name, table));
  });
}

}  // namespace ringi::config
