#pragma once

#include "server/config/problem.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace ringi::config {

// What `ringi check` prints, one line a problem: "ringi: what, file:line key, mend".
std::string text_report(const Problems& problems, const Problems& warnings);

// {"ok":…,"problems":[{"file","line","key","what","mend"}…],"warnings":[…]}
nlohmann::json json_report(const Problems& problems, const Problems& warnings);
// As text, indented; a file may hold bytes that are no UTF-8 in a key's place.
std::string printed(const nlohmann::json& report);

}  // namespace ringi::config
