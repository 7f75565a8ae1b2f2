#include "tests/unit/checkout.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace ringi::test {

std::filesystem::path checkout() {
  return RINGI_SOURCE_DIR;
}

std::filesystem::path corpora(const std::string& folder) {
  const char* named = std::getenv("RINGI_CORPORA");
  const std::filesystem::path root = named ? named : checkout() / "../shared/corpora";
  return root / folder;
}

std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

}  // namespace ringi::test
