#include "base/text.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace soak {
namespace {

TEST(Sanitize, ControlsAreShownNotObeyed) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"plain ü 漢", "plain ü 漢"},
      {"a\nb\tc\r", "a\\u000Ab\\u0009c\\u000D"},
      {"\x1b[31mred", "\\u001B[31mred"},
      {std::string("a\0b", 3), "a\\u0000b"},
      {"\xc2\x9b"
       "31m",
       "\\u009B31m"},
      {"\u202E"
       "txt.exe",
       "\\u202Etxt.exe"},
      {"a\xff\xc3", "a\uFFFD\uFFFD"},
      {"", ""},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(sanitize(text), expected);
}

TEST(Sanitize, EndlessTextsEnd) {
  EXPECT_EQ(sanitize(std::string(2000, 'x')), std::string(2000, 'x'));
  EXPECT_EQ(sanitize(std::string(1'000'000, 'x')), std::string(2000, 'x') + "...");
}

TEST(Columns, AreThoseOfATerminalNotBytes) {
  EXPECT_EQ(columns_of("abc"), 3U);
  EXPECT_EQ(columns_of("äöü"), 3U);
  EXPECT_EQ(columns_of("漢字"), 4U);
  EXPECT_EQ(columns_of("e\u0301"), 1U);
}

TEST(Shortened, LeavesOutTheMiddle) {
  const std::vector<std::tuple<std::string, std::size_t, std::string>> cases = {
      {"RetryLoop/adaptive", 18, "RetryLoop/adaptive"},
      {"RetryLoop/adaptive", 17, "RetryLo..adaptive"},
      {"RetryLoop/adaptive", 10, "Retr..tive"},
      {"RetryLoop/adaptive", 3, "..e"},
      {"äöüäöüäöü", 6, "äö..öü"},
      {"漢字漢字", 7, "漢..字"},
  };
  for (const auto& [text, columns, expected] : cases) {
    EXPECT_EQ(shortened(text, columns), expected) << columns;
    EXPECT_LE(columns_of(shortened(text, columns)), columns) << text;
  }
}

TEST(Aligned, CountsColumns) {
  EXPECT_EQ(left_aligned("ä", 3), "ä  ");
  EXPECT_EQ(right_aligned("漢", 3), " 漢");
  EXPECT_EQ(right_aligned("long", 3), "long");
}

}  // namespace
}  // namespace soak
