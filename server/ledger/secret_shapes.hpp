#pragma once

#include <cstddef>
#include <string_view>

namespace ringi::ledger {

// How many characters at the start of `text` are a secret that can be told by its shape alone
// (an AWS or Slack key, a private key block, a bearer token ...); 0 for none.
std::size_t secret_at(std::string_view text);

// Long and without pattern: what a person would not write as a word.
bool looks_random(std::string_view value);

}  // namespace ringi::ledger
