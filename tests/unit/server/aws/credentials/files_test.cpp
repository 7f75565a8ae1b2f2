#include "server/aws/credentials/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <string>

namespace ringi::aws {
namespace {

namespace fs = std::filesystem;

class CredentialFiles : public testing::Test {
 protected:
  void SetUp() override {
    auto pattern = (fs::temp_directory_path() / "ringi-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
  }
  ~CredentialFiles() override { fs::remove_all(folder); }
  std::ptrdiff_t entries() const {
    return std::distance(fs::directory_iterator{folder}, fs::directory_iterator{});
  }

  fs::path folder;
};

TEST_F(CredentialFiles, AreReplacedAtOnceForTheirOwnerAlone) {
  const auto path = (folder / "token.json").string();
  ASSERT_TRUE(replace_file(path, "first"));
  fs::permissions(path, fs::perms::all);
  ASSERT_TRUE(replace_file(path, "second"));
  EXPECT_EQ(read_file(path), "second");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(entries(), 1) << "a draft is left behind";
}

TEST_F(CredentialFiles, ThatCannotBeWrittenAreAnErrorAndLeaveNothing) {
  const auto failed = replace_file((folder / "nowhere" / "token.json").string(), "x");
  EXPECT_EQ(failed.error().code, Errc::unavailable);
  EXPECT_THAT(failed.error().log.text, testing::HasSubstr("cannot be written: No such file"));
  const auto taken = (folder / "taken").string();
  fs::create_directories(taken + "/inside");
  EXPECT_TRUE(replace_file(taken, "x").has_error());
  EXPECT_EQ(entries(), 1) << "a draft is left behind";
}

TEST_F(CredentialFiles, ThatAreNotThereAreNone) {
  EXPECT_EQ(read_file((folder / "none").string()), std::nullopt);
}

}  // namespace
}  // namespace ringi::aws
