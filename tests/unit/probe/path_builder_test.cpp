#include <gtest/gtest.h>

#include <string>

#include "probe/os_figures.hpp"

namespace soak::probe {
namespace {

TEST(PathBuilder, PutsPiecesAndNumbersTogether) {
  PathBuilder path;
  EXPECT_STREQ(path.add("/proc/").add(std::int64_t{1234}).add("/stat").text, "/proc/1234/stat");
  EXPECT_EQ(path.size, 15U);
}

TEST(PathBuilder, WritesNumbersOfAnySize) {
  for (const std::int64_t number : {std::int64_t{0}, std::int64_t{9}, std::int64_t{10}, INT64_MAX}) {
    PathBuilder path;
    EXPECT_EQ(path.add(number).text, std::to_string(number));
  }
}

TEST(PathBuilder, LeavesOutWhatDoesNotFitAndStaysTerminated) {
  PathBuilder path;
  const std::string longest(sizeof(path.text) - 1, 'a');
  EXPECT_EQ(path.add((longest + "bcd").c_str()).add(std::int64_t{42}).text, longest);
  EXPECT_EQ(path.text[sizeof(path.text) - 1], '\0');
}

}  // namespace
}  // namespace soak::probe
