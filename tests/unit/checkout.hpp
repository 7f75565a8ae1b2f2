#pragma once

#include <filesystem>
#include <string>

namespace ringi::test {

// The folder of this checkout. Compiled in one file alone: the others are the same in every
// checkout.
std::filesystem::path checkout();

// The protocols' owners' own test data, which are no part of the project: RINGI_CORPORA, else
// beside the checkout. Absent in a checkout without them.
std::filesystem::path corpora(const std::string& folder);

// "" where it cannot be read.
std::string text_of_file(const std::filesystem::path& path);

}  // namespace ringi::test
