#include "server/config/names.hpp"
#include "server/config/reader.hpp"
#include "server/config/sections.hpp"
#include "server/config/terms.hpp"

#include <map>

namespace ringi::config {
namespace {

using namespace std::chrono_literals;
using Synonyms = std::map<std::string, std::vector<std::string>>;

// Never none: the server's own credentials act in no account, whosever they are.
constexpr std::string_view usual_role = "ringi";
constexpr Duration shortest_refresh = 10s;
constexpr Duration longest_refresh = 24h;

std::optional<std::string> parse_tag_key(std::string_view text) {
  if (text.empty() || text.size() > 128) return std::nullopt;
  return std::string{text};
}

std::optional<std::string> parse_tag_value(std::string_view text) {
  if (text.empty() || text.size() > 256) return std::nullopt;
  return std::string{text};
}

void read_tags(Reader& table, access::TagKeys& tags) {
  const std::string_view expected = "a tag's key";
  tags.team = table.parsed("team", expected, parse_tag_key).value_or(tags.team);
  tags.environment =
      table.parsed("environment", expected, parse_tag_key).value_or(tags.environment);
  tags.channel = table.parsed("channel", expected, parse_tag_key).value_or(tags.channel);
}

// What many companies write, for those of the environments that there are.
Synonyms usual_synonyms() {
  return {{"production", {"production", "prod", "prd", "本番"}},
          {"staging", {"staging", "stg"}},
          {"development", {"development", "dev"}}};
}

Synonyms read_synonyms(Reader& table) {
  Synonyms synonyms;
  for (const std::string& name : table.keys())
    synonyms[name] = table.all(name, "a tag's value", parse_tag_value);
  return synonyms;
}

Duration read_refresh(Reader& table, Duration usual) {
  const std::string_view expected = "a duration from 10s to 24h: \"15m\"";
  const auto refresh = table.parsed("refresh", expected, parse_duration);
  if (!refresh) return usual;
  if (*refresh >= shortest_refresh && *refresh <= longest_refresh) return *refresh;
  table.problem("refresh", "is not between 10s and 24h", "write 15m");
  return usual;
}

void read(Reader& table, Organization& organization) {
  access::Organization& facts = organization.facts;
  organization.discover = table.boolean("discover", false);
  facts.role = table.parsed("role", expected_role, parse_role_name).value_or(facts.role);
  organization.external_id = read_reference(table, "external_id");
  const auto regions = table.all("regions", expected_region, Region::parse);
  if (!regions.empty()) facts.regions = regions;
  organization.exclude =
      table.all("exclude", "an organizational unit's id, \"ou-abcd-12345678\", or an account's",
                parse_excluded);
  table.section("tags", [&](Reader& tags) { read_tags(tags, facts.tags); });
  organization.refresh = read_refresh(table, organization.refresh);
  const bool said = table.has("environments");
  if (said) organization.environments_at = table.place("environments");
  table.section("environments", [&](Reader& named) {
    facts.environments = said ? read_synonyms(named) : usual_synonyms();
  });
}

}  // namespace

void read_organization(Reader& top, Config& config) {
  access::Organization& facts = config.organization.facts;
  facts.role = usual_role;
  if (!config.aws.region.empty()) facts.regions = {config.aws.region};
  top.section("organization", [&](Reader& table) { read(table, config.organization); });
}

}  // namespace ringi::config
