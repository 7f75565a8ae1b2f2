#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace ringi::slack {

using Form = std::map<std::string, std::string, std::less<>>;

// application/x-www-form-urlencoded, strictly: "+" and valid percent escapes, UTF-8, no name
// twice (who reads the first and who reads the last would not agree), at most 100 fields.
std::optional<Form> parse_form(std::string_view body);

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF; and no NUL.
bool is_utf8_text(std::string_view text);

}  // namespace ringi::slack
