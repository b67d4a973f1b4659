#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "probe/os_figures.hpp"
#include "region/layout/region_layout.hpp"

namespace soak::probe {
namespace {

Text text_of(std::string_view text) { return {text.data(), text.size()}; }

TEST(ParseNumber, ReadsOneNumberAndStandsBehindIt) {
  struct Case {
    std::string_view text;
    std::int64_t number;
    std::size_t position;
  };
  for (const auto& [text, number, position] : std::vector<Case>{
           {"42", 42, 2},
           {" \t 42 kB", 42, 5},
           {"0", 0, 1},
           {"007x", 7, 3},
           {"", -1, 0},
           {"   ", -1, 3},
           {"kB", -1, 0},
           {"-1", -1, 0},
           {"9223372036854775807", INT64_MAX, 19},
           {"9223372036854775808", INT64_MAX, 19},
           {"99999999999999999999999", INT64_MAX, 23},
       }) {
    std::size_t reached = 0;
    EXPECT_EQ(parse_number(text_of(text), reached), number) << text;
    EXPECT_EQ(reached, position) << text;
  }
}

TEST(ParseNumber, GoesOnWhereItStopped) {
  std::size_t position = 0;
  const auto text = text_of("12 34 56");
  EXPECT_EQ(parse_number(text, position), 12);
  EXPECT_EQ(parse_number(text, position), 34);
  EXPECT_EQ(parse_number(text, position), 56);
  EXPECT_EQ(parse_number(text, position), -1);
}

TEST(NumberAfter, FindsTheNumberInTheLineThatStartsWithTheKey) {
  struct Case {
    std::string_view text;
    const char* key;
    std::int64_t number;
  };
  for (const auto& [text, key, number] : std::vector<Case>{
           {"Name:\tx\nVmRSS:\t  1234 kB\n", "VmRSS:", 1234},
           {"VmRSS:\t0 kB\n", "VmRSS:", 0},
           {"VmRSS:\t7", "VmRSS:", 7},
           {"XVmRSS:\t7\n", "VmRSS:", layout::absent},
           {"Name:\tVmRSS: 5\nVmRSS:\t6\n", "VmRSS:", 6},
           {"VmRSS:\tmany kB\n", "VmRSS:", layout::absent},
           {"VmRSS:", "VmRSS:", layout::absent},
           {"", "VmRSS:", layout::absent},
           {"Pss:   10 kB\nPss_Dirty:   4 kB\nPss_Anon:   3 kB\n", "Pss:", 10},
           {"Private_Clean:   8 kB\nPrivate_Dirty:  12 kB\n", "Private_", 20},
           {"Private_Clean:\nPrivate_Dirty:  12 kB\n", "Private_", 12},
           {"Private_\n12 kB\n", "Private_", layout::absent},
       })
    EXPECT_EQ(number_after(text_of(text), key), number) << text << " / " << key;
}

TEST(ReadSmallFile, ReadsUpToTheCapacity) {
  char path[] = "/tmp/soak_small_file_XXXXXX";
  const int file = mkstemp(path);
  ASSERT_GE(file, 0);
  ASSERT_EQ(write(file, "0123456789", 10), 10);
  char buffer[16];
  const auto whole = read_small_file(path, buffer, sizeof(buffer));
  EXPECT_EQ(std::string_view(whole.begin, whole.size), "0123456789");
  const auto cut = read_small_file(path, buffer, 4);
  EXPECT_EQ(std::string_view(cut.begin, cut.size), "0123");
  close(file);
  unlink(path);
}

TEST(ReadSmallFile, IsEmptyWhereTheFileCannotBeRead) {
  char buffer[16];
  EXPECT_EQ(read_small_file("/nonexistent/file", buffer, sizeof(buffer)).size, 0U);
  EXPECT_EQ(read_small_file("/proc", buffer, sizeof(buffer)).size, 0U);
}

}  // namespace
}  // namespace soak::probe
