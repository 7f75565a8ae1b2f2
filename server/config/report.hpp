#pragma once

#include "server/config/problem.hpp"

#include <string>
#include <string_view>

namespace ringi::config {

// What `ringi check` prints, one line a problem: "ringi: what, file:line key, mend".
std::string text_report(const Problems& problems, const Problems& warnings);

// {"ok":…,"problems":[{"file","line","key","what","mend"}…],"warnings":[…]}
std::string json_report(const Problems& problems, const Problems& warnings);

}  // namespace ringi::config
