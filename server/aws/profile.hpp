#pragma once

#include <map>
#include <string>
#include <string_view>

namespace ringi::aws {

// One profile's keys, or all sections of a file, as AWS's shared files hold them.
using Section = std::map<std::string, std::string, std::less<>>;
using Sections = std::map<std::string, Section, std::less<>>;

// `[name]` sections, `key = value`, `#` and `;` comments; nested blocks (indented lines under an
// empty value) are passed over, since no credential stands in one.
Sections parse_profiles(std::string_view text);

}  // namespace ringi::aws
