#include "server/ledger/listing.hpp"

#include "handlers/access/rules.hpp"
#include "server/ledger/table.hpp"

#include <nlohmann/json.hpp>

namespace ringi::ledger {
namespace {

using nlohmann::json;

// A stored entry may be damaged: what is not there, or not text, reads as "".
std::string text_at(const json& entry, const char* pointer) {
  const json::json_pointer at{pointer};
  return entry.contains(at) && entry.at(at).is_string() ? entry.at(at).get<std::string>()
                                                        : std::string{};
}

bool is_kind(const std::string& wanted, const std::string& kind) {
  return kind == wanted || kind.starts_with(wanted + '.');
}

bool is_by(const std::string& actor, const json& entry) {
  return text_at(entry, "/actor/user") == actor || text_at(entry, "/actor/name") == actor ||
         text_at(entry, "/actor/principal") == actor;
}

bool is_about(const std::string& glob, const json& entry) {
  const std::string name = text_at(entry, "/target/pipeline");
  const std::string pipeline = name.empty() ? "" : '/' + name;
  return access::glob_matches(glob, text_at(entry, "/target/account_name") + pipeline) ||
         access::glob_matches(glob, text_at(entry, "/target/account") + pipeline);
}

std::string who(const json& entry) {
  const std::string user = text_at(entry, "/actor/user");
  if (user.empty()) return text_at(entry, "/actor/principal");
  const std::string name = text_at(entry, "/actor/name");
  return name.empty() ? user : name + " (" + user + ')';
}

std::string target_of(const json& entry) {
  const std::string name = text_at(entry, "/target/account_name");
  const std::string account = name.empty() ? text_at(entry, "/target/account") : name;
  const std::string pipeline = text_at(entry, "/target/pipeline");
  return pipeline.empty() ? account : account + '/' + pipeline;
}

std::string outcome(const json& entry) {
  std::string result;
  for (const char* pointer : {"/decision", "/error", "/reason"}) {
    const std::string part = text_at(entry, pointer);
    if (!part.empty()) result += (result.empty() ? "" : ": ") + part;
  }
  return result;
}

}  // namespace

bool matches(const Filter& filter, const json& entry) {
  if (filter.since) {
    const auto time = parse_rfc3339(text_at(entry, "/time"));
    if (!time || *time < *filter.since) return false;
  }
  return (filter.kind.empty() || is_kind(filter.kind, text_at(entry, "/kind"))) &&
         (filter.actor.empty() || is_by(filter.actor, entry)) &&
         (filter.target.empty() || is_about(filter.target, entry));
}

std::vector<std::string> table_head() {
  return {"TIME", "SEQ", "KIND", "PHASE", "WHO", "TARGET", "DECISION, REASON"};
}

std::vector<std::string> table_row(const json& entry) {
  const std::string seq = entry.contains("seq") ? entry["seq"].dump() : std::string{};
  std::vector<std::string> row = {text_at(entry, "/time"),
                                  seq,
                                  text_at(entry, "/kind"),
                                  text_at(entry, "/phase"),
                                  who(entry),
                                  target_of(entry),
                                  outcome(entry)};
  for (std::string& cell : row) cell = printable(cell);
  return row;
}

}  // namespace ringi::ledger
