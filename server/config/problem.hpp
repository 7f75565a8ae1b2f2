#pragma once

#include <string>
#include <vector>

namespace ringi::config {

// Where something stands: a file and its line (1 is the first; 0 where the whole file is meant).
struct Place {
  std::string file;
  int line = 0;
};

// Something that is not as it should be, for a person who will mend it. Never holds a secret.
struct Problem {
  Place place;
  std::string key;   // "environments.production.start", "accounts[2].id"
  std::string what;  // "unknown key"
  std::string mend;  // "did you mean \"listen\"?"; may be ""
};

// "what, file:line key, mend"
std::string to_text(const Problem& problem);

using Problems = std::vector<Problem>;

}  // namespace ringi::config
