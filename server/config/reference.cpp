#include "server/config/reference.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ringi::config {
namespace {

using Kind = Reference::Kind;

constexpr std::array<std::pair<Kind, std::string_view>, 4> prefixes = {{
    {Kind::environment, "env:"},
    {Kind::file, "file:"},
    {Kind::secrets_manager, "aws:secretsmanager:"},
    {Kind::parameter, "aws:ssm:"},
}};

bool is_variable(std::string_view name) {
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

std::string Reference::text() const {
  const auto found = std::ranges::find(prefixes, kind, [](const auto& row) { return row.first; });
  return std::string{found->second} + name + (json_key.empty() ? "" : "#" + json_key);
}

std::optional<Reference> parse_reference(std::string_view text) {
  for (const auto& [kind, prefix] : prefixes) {
    if (!text.starts_with(prefix)) continue;
    Reference reference{.kind = kind, .name = std::string{text.substr(prefix.size())}};
    const auto hash = reference.name.find('#');
    if (kind == Kind::secrets_manager && hash != std::string::npos) {
      reference.json_key = reference.name.substr(hash + 1);
      reference.name.resize(hash);
    }
    if (reference.name.empty()) return std::nullopt;
    if (kind == Kind::environment && !is_variable(reference.name)) return std::nullopt;
    return reference;
  }
  return std::nullopt;
}

}  // namespace ringi::config
