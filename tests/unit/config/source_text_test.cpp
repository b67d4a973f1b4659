#include "config/source_text.hpp"

#include <gtest/gtest.h>

namespace soak::config {
namespace {

struct Quote {
  std::string name, text;
  std::size_t line, column;
  std::string expected;
};
const std::string a50(50, 'a'), b50(50, 'b'), c50(50, 'c');
const std::vector<Quote> quotes = {
    {"plain", "key = 5", 1, 7, "  key = 5\n        ^"},
    {"first column", "key = 5", 1, 1, "  key = 5\n  ^"},
    {"second line", "a\nbc\n", 2, 2, "  bc\n   ^"},
    {"end of the line", "key = \n", 1, 7, "  key = \n        ^"},
    {"beyond the end", "key", 1, 99, "  key\n     ^"},
    {"CRLF", "a\r\nbc\r\n", 2, 2, "  bc\n   ^"},
    {"tabs stay tabs", "\tkey\t= 5", 1, 8, "  \tkey\t= 5\n  \t   \t  ^"},
    {"a letter of two bytes is one column", "\u00e9\u00e9 = 5", 1, 6, "  \u00e9\u00e9 = 5\n       ^"},
    {"wide letters are two columns", "\u4e2d\u6587 = 5", 1, 6, "  \u4e2d\u6587 = 5\n         ^"},
    {"a combining mark is none", "e\u0301 = 5", 1, 6, "  e\u0301 = 5\n      ^"},
    {"byte order mark", "\xEF\xBB\xBFkey = 5", 1, 7, "  key = 5\n        ^"},
    {"no escape sequence reaches the terminal", "a\x1b[31m = 5", 1, 9, "  a\uFFFD[31m = 5\n          ^"},
    {"no text turns its direction", "a\u202e = 5", 1, 6, "  a\uFFFD = 5\n       ^"},
    {"bytes that are no UTF-8", "a\xff\xfe = 5", 1, 7, "  a\uFFFD\uFFFD = 5\n        ^"},
    {"a character cut short takes nothing with it",
     "a\xE4"
     "b = 5",
     1, 7, "  a\uFFFDb = 5\n        ^"},
    {"long line, caret at its start", a50 + b50 + c50, 1, 1, "  " + a50 + b50 + "...\n  ^"},
    {"long line, caret in its middle", a50 + b50 + c50, 1, 76,
     "  ..." + std::string(25, 'a') + b50 + std::string(25, 'c') + "...\n" + std::string(55, ' ') + "^"},
    {"long line, caret at its end", a50 + b50 + c50, 1, 150,
     "  ..." + b50 + c50 + "\n" + std::string(104, ' ') + "^"},
    {"blank line", "  \t\n", 1, 1, ""},
    {"no such line", "a\n", 5, 1, ""},
    {"no place", "a\n", 0, 0, ""},
};
TEST(SourceText, QuotesTheLineWithACaretUnderTheColumn) {
  for (const auto& [name, text, line, column, expected] : quotes)
    EXPECT_EQ(SourceText(text).place(line, column).quote, expected) << name;
}

struct Offset {
  std::string name, text;
  std::size_t offset, line, column;
};
const std::vector<Offset> offsets = {
    {"first", "ab\ncd", 0, 1, 1},
    {"in the second line", "ab\ncd", 4, 2, 2},
    {"a line end", "ab\ncd", 2, 1, 3},
    {"columns are characters", "\u00e9\u00e9x", 4, 1, 3},
    {"blank lines count", "\n\n\nx", 3, 4, 1},
    {"nothing there", "", 0, 1, 1},
};
TEST(SourceText, FindsLineAndColumnOfAByte) {
  for (const auto& [name, text, offset, line, column] : offsets) {
    const auto place = SourceText(text).place_of_byte(offset);
    EXPECT_EQ(place.line, line) << name;
    EXPECT_EQ(place.column, column) << name;
  }
}

TEST(SourceText, AByteOrderMarkIsNoColumn) {
  const auto place = SourceText("\xEF\xBB\xBFx = 1\ny\n").place_of_byte(3);
  EXPECT_EQ(place.line, 1U);
  EXPECT_EQ(place.column, 1U);
}

TEST(Located, LeavesOutThePlaceWhereThereIsNone) {
  EXPECT_EQ(located("benchmarks.toml", {}, "why"), "benchmarks.toml: why");
  EXPECT_EQ(located("benchmarks.toml", {3, 7, "  x\n  ^"}, "wrong"), "benchmarks.toml:3:7: wrong\n  x\n  ^");
}

TEST(Located, LongPathsAreWhole) {
  const auto path = "/" + std::string(500, 'd') + "/benchmarks.toml";
  EXPECT_EQ(located(path, {3, 7, ""}, "wrong"), path + ":3:7: wrong");
}

}  // namespace
}  // namespace soak::config
