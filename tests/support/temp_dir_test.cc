#include "tests/support/temp_dir.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"

namespace payfold_testing {
namespace {

TEST(TempDirTest, IsItsOwnAndGoneAfterwardsWithAllThatIsInIt) {
  std::string path;
  {
    const TempDir dir;
    const TempDir other;
    path = dir.path();
    EXPECT_NE(path, other.path());
    EXPECT_TRUE(std::filesystem::is_empty(path));
    std::filesystem::create_directory(dir.Path("db"));
    std::ofstream(dir.Path("db/file")) << "text";
    EXPECT_TRUE(std::filesystem::exists(path + "/db/file"));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
}  // namespace payfold_testing
