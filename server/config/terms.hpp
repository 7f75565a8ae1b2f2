#pragma once

#include "handlers/access/rules.hpp"
#include "server/config/reference.hpp"

#include <optional>
#include <string_view>
#include <vector>

// What several sections hold: references to secrets and lists of who.
namespace ringi::config {

class Reader;

std::optional<Reference> read_reference(Reader& table, std::string_view key);
std::vector<Reference> read_references(Reader& table, std::string_view key);

// "team.oncall" is told apart from a typing error.
std::vector<access::Who> read_who(Reader& table, std::string_view key);

}  // namespace ringi::config
