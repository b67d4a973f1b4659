#include <gtest/gtest.h>

#include <downloads/checksum.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace downloads {
namespace {

std::uint32_t crc32_of(std::string_view text) {
  Crc32 crc32;
  crc32.add(text);
  return crc32.value();
}

TEST(Crc32, GivesThePublishedValues) {
  EXPECT_EQ(crc32_of(""), 0U);
  EXPECT_EQ(crc32_of("123456789"), 0xcbf43926U);
  EXPECT_EQ(crc32_of("The quick brown fox jumps over the lazy dog"), 0x414fa339U);
}

TEST(Crc32, IsTheSameInOnePieceAndInMany) {
  Crc32 crc32;
  for (const std::string_view piece : {"1", "2345", "", "6789"}) crc32.add(piece);
  EXPECT_EQ(crc32.value(), 0xcbf43926U);
}

TEST(Crc32, StartsOverAfterReset) {
  Crc32 crc32;
  crc32.add(std::string_view("something else"));
  crc32.reset();
  crc32.add(std::string_view("123456789"));
  EXPECT_EQ(crc32.value(), 0xcbf43926U);
}

TEST(FormatCrc32, KeepsLeadingZeros) { EXPECT_EQ(format_crc32(0xab), "000000ab"); }

TEST(ParseCrc32, TakesEightHexadecimalDigitsAndNothingElse) {
  EXPECT_EQ(parse_crc32("cbf43926"), 0xcbf43926U);
  EXPECT_EQ(parse_crc32("CBF43926"), 0xcbf43926U);
  EXPECT_EQ(parse_crc32("000000ab"), 0xabU);
  for (const auto* bad : {"", "ab", "cbf4392", "cbf439260", "cbf4392g", "0xcbf439", "-bf43926", " bf43926"})
    EXPECT_EQ(parse_crc32(bad), std::nullopt) << '\'' << bad << '\'';
}

}  // namespace
}  // namespace downloads
