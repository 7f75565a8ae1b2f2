#include "handlers/desk/audit_text.hpp"

#include "handlers/message/english_desk.hpp"
#include "handlers/types/time.hpp"

#include <nlohmann/json.hpp>

namespace ringi::desk {
namespace {

using message::Text;
using nlohmann::json;

std::string at(const json& object, const char* key) {
  if (!object.is_object() || !object.contains(key)) return {};
  const auto& value = object.at(key);
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_integer() ? value.dump() : std::string{};
}

json child(const json& object, const char* key) {
  return object.value(key, json::object());
}

Text who(const json& entry) {
  const auto actor = child(entry, "actor");
  if (const auto user = SlackUser::parse(at(actor, "user"))) return message::user(*user);
  const auto principal = at(actor, "principal");
  return message::code(principal.empty() ? at(entry, "principal") : principal, 120);
}

// The reader's own clock; what is no time is shown as it stands.
Text when(const json& entry) {
  const auto text = at(entry, "time");
  const auto time = parse_rfc3339(text);
  return time ? message::date(*time, "{date_short_pretty} {time_secs}") : message::plain(text, 40);
}

std::string target(const json& entry) {
  const auto subject = child(entry, "target");
  auto text = at(subject, "account_name");
  const auto pipeline = at(subject, "pipeline");
  if (!pipeline.empty()) text += "/" + pipeline;
  const auto execution = at(subject, "execution").substr(0, 8);
  if (!execution.empty()) text += " " + execution;
  return text;
}

std::string decision(const json& entry) {
  auto decided = at(entry, "decision");
  if (at(entry, "kind") != "access.denied") return decided;
  if (decided == "approved") return "not allowed to approve";
  if (decided == "rejected") return "not allowed to reject";
  const auto wanted = at(child(entry, "details"), "wanted");
  return wanted.empty() ? std::string{} : "not allowed to " + wanted;
}

// An entry about an account is about its environment.
std::string environment(const json& entry) {
  if (!at(entry, "kind").starts_with("account.")) return {};
  const auto now = at(child(entry, "target"), "environment");
  const auto before = at(child(entry, "details"), "environment_before");
  auto text = now.empty() ? std::string{"no environment"} : now;
  return before.empty() ? text : text + ", was " + before;
}

std::string outcome(const json& entry) {
  std::string text = decision(entry);
  const auto add = [&text](const std::string& more) {
    if (!more.empty()) text += (text.empty() ? "" : " · ") + more;
  };
  add(environment(entry));
  add(at(entry, "phase"));
  const auto reason = at(entry, "reason");
  if (!reason.empty()) add("\"" + reason + "\"");
  add(at(child(entry, "details"), "status"));
  const auto of = at(entry, "of");
  if (!of.empty()) add("closes #" + of);
  add(at(entry, "error"));
  return text;
}

}  // namespace

message::Text audit_line(const std::string& text) {
  const auto entry = json::parse(text, nullptr, false);
  if (!entry.is_object()) return {};
  return message::english::audit_line(at(entry, "seq"), when(entry), at(entry, "kind"), who(entry),
                                      target(entry), outcome(entry));
}

}  // namespace ringi::desk
