#include "server/config/files.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <glob.h>
#include <memory>
#include <sys/stat.h>

namespace ringi::config {
namespace {

constexpr std::size_t largest_file = 1u << 20;

}  // namespace

Result<std::string> SystemFiles::read(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return error(Errc::not_found, std::strerror(errno));
  if (!S_ISREG(status.st_mode)) return error(Errc::invalid, "not a regular file");
  std::ifstream stream{path, std::ios::binary};
  if (!stream) return error(Errc::denied, "it cannot be opened");
  std::string text(largest_file + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad()) return error(Errc::unavailable, "it cannot be read");
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (text.size() > largest_file) return error(Errc::invalid, "it is larger than 1 MiB");
  return text;
}

std::vector<std::string> SystemFiles::matching(const std::string& pattern) {
  glob_t found{};
  const std::unique_ptr<glob_t, void (*)(glob_t*)> owner{&found, globfree};
  if (glob(pattern.c_str(), 0, nullptr, &found) != 0) return {};
  return {found.gl_pathv, found.gl_pathv + found.gl_pathc};
}

bool SystemFiles::readable_by_everyone(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0;
}

Variables process_variables() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* const value = std::getenv(name.c_str());
    if (!value) return std::nullopt;
    return value;
  };
}

std::string beside(const std::string& main_file, const std::string& path) {
  return (std::filesystem::path{main_file}.parent_path() / path).lexically_normal().string();
}

}  // namespace ringi::config
