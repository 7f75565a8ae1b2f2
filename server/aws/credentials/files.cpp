#include "server/aws/credentials/files.hpp"

#include "server/config/files.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace ringi::aws {
namespace {

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto written = ::write(file, text.data(), text.size());
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Error not_written(const std::string& path) {
  return error(Errc::unavailable, path + " cannot be written: " +
                                      std::error_code{errno, std::system_category()}.message());
}

}  // namespace

std::optional<std::string> read_file(const std::string& path) {
  config::SystemFiles files;
  auto text = files.read(path);
  if (text.has_error()) return std::nullopt;
  return std::move(text).value();
}

// Under another name first, so that whoever reads meanwhile finds a whole file; mkstemp makes it
// 0600.
Result<void> replace_file(const std::string& path, const std::string& text) {
  auto draft = path + ".XXXXXX";
  const int file = ::mkstemp(draft.data());
  if (file < 0) return not_written(path);
  const bool whole = write_all(file, text) && ::fsync(file) == 0;
  if (::close(file) == 0 && whole && std::rename(draft.c_str(), path.c_str()) == 0)
    return Result<void>{};
  auto failure = not_written(path);
  ::unlink(draft.c_str());
  return failure;
}

}  // namespace ringi::aws
