#include "server/config/problem.hpp"

namespace ringi::config {

std::string to_text(const Problem& problem) {
  std::string text = problem.what + ", " + problem.place.file;
  if (problem.place.line > 0) text += ":" + std::to_string(problem.place.line);
  if (!problem.key.empty()) text += " " + problem.key;
  if (!problem.mend.empty()) text += ", " + problem.mend;
  return text;
}

}  // namespace ringi::config
