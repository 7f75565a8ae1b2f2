#pragma once

#include <map>
#include <string>
#include <string_view>

namespace ringi::aws {

// The process's environment, read once by main and handed in: nothing here calls getenv.
using Environment = std::map<std::string, std::string, std::less<>>;

// "" when absent: AWS's tools take an empty variable for an absent one.
std::string_view variable(const Environment& environment, std::string_view name);

}  // namespace ringi::aws
