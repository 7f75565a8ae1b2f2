// room: server/config
#include "server/config/load.hpp"
#include "server/config/rules.hpp"
#include "server/config/warnings.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

// The input is the main file, and the included one where it names one.
class OneFile : public ringi::config::Files {
 public:
  explicit OneFile(std::string text) : text_(std::move(text)) {}
  ringi::Result<std::string> read(const std::string&) override { return text_; }
  std::vector<std::string> matching(const std::string& pattern) override { return {pattern}; }
  bool readable_by_everyone(const std::string&) override { return true; }

 private:
  std::string text_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  OneFile files{std::string{reinterpret_cast<const char*>(data), size}};
  const auto loaded = ringi::config::load("/c/main.toml", files);
  if (loaded.config.has_value() != loaded.problems.empty()) std::abort();
  for (const auto& problem : loaded.problems) {
    if (ringi::config::to_text(problem).empty()) std::abort();
  }
  if (loaded.config) {
    ringi::config::rules_of(*loaded.config, ringi::config::accounts_of(*loaded.config, {}));
    ringi::config::warnings_of(*loaded.config, files);
  }
  return 0;
}
