#include "server/config/report.hpp"

#include <nlohmann/json.hpp>

namespace ringi::config {
namespace {

nlohmann::json rows(const Problems& problems) {
  nlohmann::json list = nlohmann::json::array();
  for (const Problem& problem : problems) {
    list.push_back({{"file", problem.place.file},
                    {"line", problem.place.line},
                    {"key", problem.key},
                    {"what", problem.what},
                    {"mend", problem.mend}});
  }
  return list;
}

}  // namespace

std::string text_report(const Problems& problems, const Problems& warnings) {
  std::string text;
  for (const Problem& problem : problems) text += "ringi: " + to_text(problem) + "\n";
  for (const Problem& warning : warnings) text += "ringi: warning: " + to_text(warning) + "\n";
  return text;
}

nlohmann::json json_report(const Problems& problems, const Problems& warnings) {
  return {{"ok", problems.empty()}, {"problems", rows(problems)}, {"warnings", rows(warnings)}};
}

std::string printed(const nlohmann::json& report) {
  return report.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace ringi::config
