#include <gmock/gmock.h>

#include <filesystem>
#include <system_error>

#include "record/record_file.hpp"
#include "scratch_folder.hpp"

namespace soak::record {
namespace {

using testing::HasSubstr;

TEST(ReadFile, GivesEveryByte) {
  const ScratchFolder folder;
  EXPECT_EQ(read_file(folder.write("empty", "")), "");
  const std::string bytes("a\0\xff\r\n", 5);
  EXPECT_EQ(read_file(folder.write("bytes", bytes)), bytes);
  const std::string larger_than_a_chunk((1 << 16) + 1, 'x');
  EXPECT_EQ(read_file(folder.write("large", larger_than_a_chunk)), larger_than_a_chunk);
}

TEST(ReadFile, WhatCannotBeReadIsNamed) {
  const ScratchFolder folder;
  for (const auto& path : {folder / "absent", folder.path()}) try {
      (void)read_file(path);
      ADD_FAILURE() << path;
    } catch (const std::system_error& error) {
      EXPECT_THAT(error.what(), HasSubstr("cannot read " + path.string() + ": "));
      EXPECT_TRUE(error.code()) << error.what();
    }
}

TEST(ReadFile, MoreThanARecordHasIsRefused) {
  const ScratchFolder folder;
  const auto file = folder.write("huge", "");
  std::filesystem::resize_file(file, (std::uintmax_t{256} << 20) + 1);  // Without blocks on disk.
  try {
    (void)read_file(file);
    ADD_FAILURE() << "accepted";
  } catch (const UnreadableRecord& error) {
    EXPECT_THAT(error.what(), HasSubstr("huge: is larger than 256 MiB"));
  }
}

}  // namespace
}  // namespace soak::record
