#include "server/config/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace ringi::config {
namespace {

class SystemFilesTest : public testing::Test {
 protected:
  std::filesystem::path folder =
      testing::TempDir() + "ringi-config-files-" + std::to_string(::getpid());
  SystemFiles files;

  void SetUp() override { std::filesystem::create_directories(folder); }
  void TearDown() override { std::filesystem::remove_all(folder); }

  std::string write(const std::string& name, const std::string& text) {
    const auto path = folder / name;
    std::ofstream{path} << text;
    return path.string();
  }
};

TEST_F(SystemFilesTest, ReadWhatIsThere) {
  EXPECT_EQ(files.read(write("a.toml", "x = 1\n")).value(), "x = 1\n");
}

TEST_F(SystemFilesTest, RefuseWhatIsNoFileOrTooLarge) {
  EXPECT_EQ(files.read((folder / "none").string()).error().code, Errc::not_found);
  EXPECT_EQ(files.read(folder.string()).error().code, Errc::invalid);
  EXPECT_EQ(files.read(write("large", std::string((1u << 20) + 1, 'x'))).error().code,
            Errc::invalid);
}

TEST_F(SystemFilesTest, MatchGlobsInOrder) {
  const std::string b = write("b.toml", ""), a = write("a.toml", "");
  write("c.txt", "");
  EXPECT_THAT(files.matching((folder / "*.toml").string()), testing::ElementsAre(a, b));
  EXPECT_THAT(files.matching((folder / "none").string()), testing::IsEmpty());
}

TEST_F(SystemFilesTest, KnowWhetherEveryoneCanReadOne) {
  const std::string path = write("key", "x");
  using std::filesystem::perms;
  std::filesystem::permissions(path, perms::owner_read);
  EXPECT_FALSE(files.readable_by_everyone(path));
  std::filesystem::permissions(path, perms::owner_read | perms::others_read);
  EXPECT_TRUE(files.readable_by_everyone(path));
}

TEST(Beside, LeavesAnAbsolutePathAlone) {
  EXPECT_EQ(beside("/etc/ringi/ringi.toml", "tls/key.pem"), "/etc/ringi/tls/key.pem");
  EXPECT_EQ(beside("/etc/ringi/ringi.toml", "/a/b"), "/a/b");
  EXPECT_EQ(beside("ringi.toml", "a"), "a");
}

}  // namespace
}  // namespace ringi::config
