#include "server/cli/configuration.hpp"

#include "server/config/load.hpp"
#include "server/config/report.hpp"

#include <ostream>

namespace ringi::cli {

bool is_there(const std::string& file, config::Files& files, std::ostream& err) {
  if (file.empty()) {
    err << "ringi: no configuration is named, --config, name the file or set RINGI_CONFIG\n";
    return false;
  }
  const auto text = files.read(file);
  if (text.has_value()) return true;
  err << "ringi: the configuration cannot be read: " << text.error().log.text << ", " << file
      << ", name another one with --config or RINGI_CONFIG\n";
  return false;
}

std::optional<config::Config> load_or_tell(const std::string& file,
                                           const Surroundings& surroundings, std::ostream& err) {
  if (!is_there(file, surroundings.files, err)) return std::nullopt;
  auto loaded = config::load(file, surroundings.files);
  err << config::text_report(loaded.problems, {});
  return std::move(loaded.config);
}

}  // namespace ringi::cli
