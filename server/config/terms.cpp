#include "server/config/terms.hpp"

#include "server/config/names.hpp"
#include "server/config/reader.hpp"

namespace ringi::config {
namespace {

constexpr std::string_view expected_reference =
    "a reference: \"env:NAME\", \"file:PATH\", \"aws:secretsmanager:ARN\" or \"aws:ssm:NAME\"";

}  // namespace

std::optional<Reference> read_reference(Reader& table, std::string_view key) {
  auto reference = table.parsed(key, expected_reference, parse_reference);
  if (!reference) return std::nullopt;
  reference->key = table.path_of(key);
  reference->place = table.place(key);
  return reference;
}

std::vector<Reference> read_references(Reader& table, std::string_view key) {
  auto references = table.all(key, expected_reference, parse_reference);
  for (std::size_t i = 0; i < references.size(); ++i) {
    references[i].key = table.path_of(key) + "[" + std::to_string(i) + "]";
    references[i].place = table.place(key);
  }
  return references;
}

std::vector<access::Who> read_who(Reader& table, std::string_view key) {
  std::vector<access::Who> terms;
  table.each_text(key, [&](const Value& item, const std::string& path) {
    if (const auto term = parse_who(item.text)) {
      terms.push_back(*term);
    } else if (item.text == "team.oncall") {
      table.problem_at(item, path, "team.oncall: not in this version", "take it out");
    } else {
      table.expected_at(item, path, expected_who);
    }
  });
  return terms;
}

}  // namespace ringi::config
