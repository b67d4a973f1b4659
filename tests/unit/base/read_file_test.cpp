#include <gmock/gmock.h>

#include <filesystem>
#include <system_error>

#include "base/files.hpp"
#include "test_folder.hpp"

namespace soak {
namespace {

using testing::HasSubstr;

constexpr std::size_t most_bytes = 1 << 20;

TEST(ReadFile, GivesEveryByte) {
  const TestFolder folder;
  EXPECT_EQ(read_file(folder.write("empty", ""), most_bytes), "");
  const std::string bytes("a\0\xff\r\n", 5);
  EXPECT_EQ(read_file(folder.write("bytes", bytes), most_bytes), bytes);
  const std::string larger_than_a_chunk((1 << 16) + 1, 'x');
  EXPECT_EQ(read_file(folder.write("large", larger_than_a_chunk), most_bytes), larger_than_a_chunk);
}

TEST(ReadFile, WhatCannotBeReadIsNamed) {
  const TestFolder folder;
  for (const auto& path : {folder / "absent", folder.path()}) try {
      (void)read_file(path, most_bytes);
      ADD_FAILURE() << path;
    } catch (const std::system_error& error) {
      EXPECT_THAT(error.what(), HasSubstr(path.string()));
      EXPECT_TRUE(error.code()) << error.what();
    }
}

TEST(ReadFile, RefusesMoreThanTheBound) {
  const TestFolder folder;
  const auto file = folder.write("large", "12345");
  EXPECT_EQ(read_file(file, 5), "12345");
  try {
    (void)read_file(file, 4);
    ADD_FAILURE() << "accepted";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::file_too_large);
  }
}

}  // namespace
}  // namespace soak
