#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace ringi::ledger {

// What a terminal may show of foreign text: no control characters and no bidi marks, which could
// move the cursor or turn a line round.
std::string printable(std::string_view text);

// Columns as wide as their widest cell (East Asian characters count double); the last is not
// padded.
void write_table(std::ostream& out, const std::vector<std::vector<std::string>>& rows);

}  // namespace ringi::ledger
