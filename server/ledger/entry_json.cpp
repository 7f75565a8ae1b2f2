#include "server/ledger/entry_json.hpp"

#include "server/ledger/canonical.hpp"

#include <nlohmann/json.hpp>

namespace ringi::ledger {
namespace {

using nlohmann::json;

void put(json& object, const char* name, const std::string& text) {
  if (!text.empty()) object[name] = well_formed(text);
}

template <class Rule>
void put(json& object, const char* name, const Id<Rule>& id) {
  put(object, name, id.str());
}

void put(json& object, const char* name, json part) {
  if (!part.empty()) object[name] = std::move(part);
}

json actor_json(const ports::Entry& entry) {
  json actor = json::object();
  if (entry.actor) {
    put(actor, "team", entry.actor->team);
    put(actor, "user", entry.actor->user);
    put(actor, "name", entry.actor->name);
  }
  put(actor, "principal", entry.principal);
  return actor;
}

json target_json(const ports::Subject& target) {
  json result = json::object();
  put(result, "account", target.account);
  put(result, "account_name", target.account_name);
  put(result, "environment", target.environment);
  put(result, "region", target.region);
  put(result, "pipeline", target.pipeline);
  put(result, "execution", target.execution);
  put(result, "stage", target.stage);
  put(result, "action", target.action);
  put(result, "token", target.token);
  json revisions = json::array();
  for (const ports::Revision& revision : target.revisions) {
    revisions.push_back(
        {{"action", well_formed(revision.action)}, {"id", well_formed(revision.id)}});
  }
  put(result, "revisions", std::move(revisions));
  return result;
}

json via_json(const Via& via) {
  json result = json::object();
  put(result, "channel", via.channel);
  if (via.message) put(result, "message", *via.message);
  return result;
}

json details_json(const ports::Entry& entry, const Redactor& redactor) {
  json details = json::object();
  for (const auto& [name, value] : entry.details) {
    details[well_formed(name)] = well_formed(redactor.value(name, value));
  }
  return details;
}

json because_json(const ports::Entry& entry) {
  json because = json::array();
  for (const std::string& statement : entry.because) because.push_back(well_formed(statement));
  return because;
}

}  // namespace

json entry_json(ports::Seq seq, Time time, const ports::Entry& entry, const std::string& config,
                const Redactor& redactor) {
  json result = {{"seq", seq}, {"time", rfc3339(time)}};
  put(result, "kind", entry.kind);
  put(result, "phase", entry.phase);
  put(result, "actor", actor_json(entry));
  if (entry.target) put(result, "target", target_json(*entry.target));
  put(result, "decision", entry.decision);
  put(result, "reason", redactor.text(entry.reason));
  put(result, "because", because_json(entry));
  put(result, "started_by", entry.started_by);
  put(result, "config", config);
  if (entry.via) put(result, "via", via_json(*entry.via));
  put(result, "request", entry.request);
  put(result, "once", entry.once);
  if (entry.of) result["of"] = *entry.of;
  put(result, "aws_request", entry.aws_request);
  put(result, "error", entry.error);
  put(result, "details", details_json(entry, redactor));
  return result;
}

}  // namespace ringi::ledger
