#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "test_files.hpp"

namespace storage {
namespace {

TEST(TemporaryFolder, IsRemovedWithEverythingInIt) {
  std::filesystem::path path;
  {
    const TemporaryFolder folder("storage-test-");
    path = folder.path();
    std::filesystem::create_directories(path / "a" / "b");
    storage_test::put_file(path / "a" / "b" / "file", "content");
  }
  EXPECT_FALSE(path.empty());
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TemporaryFolder, IsOnesOwn) {
  const TemporaryFolder one("storage-test-");
  const TemporaryFolder two("storage-test-");
  EXPECT_NE(one.path(), two.path());
  EXPECT_THAT(one.path().filename().string(), testing::StartsWith("storage-test-"));
}

TEST(TemporaryFolder, CannotBeMadeInAFolderThatIsNotThere) {
  EXPECT_THROW(TemporaryFolder("missing/storage-test-"), std::filesystem::filesystem_error);
}

}  // namespace
}  // namespace storage
