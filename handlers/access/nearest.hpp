#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ringi::access {

// The candidate that was probably meant: at most two edits away (one for words of up to three
// letters), or the only one that begins with `word`. nullopt where guessing would mislead.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

}  // namespace ringi::access
