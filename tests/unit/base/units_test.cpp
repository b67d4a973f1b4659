#include "base/units.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace soak {
namespace {

struct Size {
  std::string_view text;
  std::int64_t bytes;
};
constexpr Size sizes[] = {
    {"0 B", 0},
    {"0 MiB", 0},
    {"1 B", 1},
    {"5 KiB", 5 * 1024},
    {"5KiB", 5 * 1024},
    {"5 MiB", 5 << 20},
    {"3 GiB", std::int64_t{3} << 30},
    {"2 TiB", std::int64_t{2} << 40},
    {"5 kB", 5'000},
    {"5 MB", 5'000'000},
    {"5 GB", 5'000'000'000},
    {"5 TB", 5'000'000'000'000},
    {"1.5 KiB", 1536},
    {"0.1 kB", 100},
    {"0.0009765625 KiB", 1},
    {"0.000000000931322574615478515625 GiB", 1},
    {"4.0 B", 4},
    {"007 B", 7},
    {"08 KiB", 8192},
    {"0.000000000000000000000 B", 0},
    {"9223372036854775807 B", std::numeric_limits<std::int64_t>::max()},
};
TEST(ParseBytes, ReadsSizesToTheByte) {
  for (const auto& [text, bytes] : sizes) {
    const auto parsed = parse_bytes(text);
    ASSERT_TRUE(std::holds_alternative<std::int64_t>(parsed)) << text << ": " << std::get<UnitError>(parsed).message;
    EXPECT_EQ(std::get<std::int64_t>(parsed), bytes) << text;
  }
}

struct Wrong {
  std::string_view text, message;
};
constexpr Wrong wrong_sizes[] = {
    {"", R"("" is not a size; write one such as "5 MiB")"},
    {"MiB", R"("MiB" is not a size; write one such as "5 MiB")"},
    {"lots", R"("lots" is not a size; write one such as "5 MiB")"},
    {" 5 MiB", R"(" 5 MiB" is not a size; write one such as "5 MiB")"},
    {"+5 MiB", R"("+5 MiB" is not a size; write one such as "5 MiB")"},
    {".5 MiB", R"(".5 MiB" is not a size; write one such as "5 MiB")"},
    {"5. MiB", R"("5. MiB" is not a size; write one such as "5 MiB")"},
    {"-", R"("-" is not a size; write one such as "5 MiB")"},
    {"inf", R"("inf" is not a size; write one such as "5 MiB")"},
    {"5", R"("5" has no unit; write "5 MiB")"},
    {"5.5", R"("5.5" has no unit; write "5.5 MiB")"},
    {"0", R"("0" has no unit; write "0 B")"},
    {"5242880", R"("5242880" has no unit; write "5242880 B")"},
    {"-5 MiB", R"("-5 MiB" is negative)"},
    {"-5", R"("-5" is negative)"},
    {"5 MBit", R"("5 MBit" has the unknown unit 'MBit'; use B, KiB, MiB, GiB, TiB, kB, MB, GB or TB)"},
    {"5 PiB", R"("5 PiB" has the unknown unit 'PiB'; did you mean 'KiB'?)"},
    {"5 mib", R"("5 mib" has the unknown unit 'mib'; did you mean 'MiB'?)"},
    {"5 KB", R"("5 KB" has the unknown unit 'KB'; did you mean 'kB'?)"},
    {"5 ", R"("5 " has the unknown unit ''; use B, KiB, MiB, GiB, TiB, kB, MB, GB or TB)"},
    {"5 MiB ", R"("5 MiB " has the unknown unit 'MiB '; did you mean 'MiB'?)"},
    {"5  MiB", R"("5  MiB" has the unknown unit ' MiB'; did you mean 'MiB'?)"},
    {"1,5 MiB", R"("1,5 MiB" has the unknown unit ',5 MiB'; use B, KiB, MiB, GiB, TiB, kB, MB, GB or TB)"},
    {"1e3 B", R"("1e3 B" has the unknown unit 'e3 B'; use B, KiB, MiB, GiB, TiB, kB, MB, GB or TB)"},
    {"0.3 B", R"("0.3 B" is not a whole number of bytes)"},
    {"0.3 KiB", R"("0.3 KiB" is not a whole number of bytes)"},
    {"0.99999999999999999999999999999999999999 B",
     R"("0.99999999999999999999999999999999999999 B" is not a whole number of bytes)"},
    {"0.00000000000000000000000000000000000001 TiB",
     R"("0.00000000000000000000000000000000000001 TiB" is not a whole number of bytes)"},
    {"9223372036854775807.5 B", R"("9223372036854775807.5 B" is too large; the largest is 8 EiB less 1 B)"},
    {"9223372036854775808 B", R"("9223372036854775808 B" is too large; the largest is 8 EiB less 1 B)"},
    {"99999999999999999999 TiB", R"("99999999999999999999 TiB" is too large; the largest is 8 EiB less 1 B)"},
    {"00000000000000000000000000000000000000001 B",
     R"("00000000000000000000000000000000000000001 B" has more than 40 digits)"},
    {"5 \x1b[31m",
     R"("5 \u001B[31m" has the unknown unit '\u001B[31m'; use B, KiB, MiB, GiB, TiB, kB, MB, GB or TB)"},
};
TEST(ParseBytes, SaysWhatIsWrongWithWhatIsNoSize) {
  for (const auto& [text, message] : wrong_sizes) {
    const auto parsed = parse_bytes(text);
    ASSERT_TRUE(std::holds_alternative<UnitError>(parsed)) << text;
    EXPECT_EQ(std::get<UnitError>(parsed).message, message);
  }
}

TEST(ParseFractionalBytes, TakesPartsOfAByte) {
  EXPECT_EQ(std::get<double>(parse_fractional_bytes("0.5 B")), 0.5);
  EXPECT_EQ(std::get<double>(parse_fractional_bytes("0.3 KiB")), 307.2);
  EXPECT_EQ(std::get<double>(parse_fractional_bytes("16 B")), 16);
}

constexpr Wrong wrong_fractional_sizes[] = {
    {"0.5", R"("0.5" has no unit; write "0.5 B")"},
    {"x", R"("x" is not a size; write one such as "16 B")"},
    {"-1 B", R"("-1 B" is negative)"},
    {"8388608 TiB", R"("8388608 TiB" is too large; the largest is 8 EiB less 1 B)"},
};
TEST(ParseFractionalBytes, SaysWhatIsWrongWithWhatIsNoSize) {
  for (const auto& [text, message] : wrong_fractional_sizes)
    EXPECT_EQ(std::get<UnitError>(parse_fractional_bytes(text)).message, message);
}

struct Time {
  std::string_view text;
  std::int64_t milliseconds;
};
constexpr Time times[] = {
    {"0 s", 0},          {"250 ms", 250},      {"2 s", 2'000},
    {"10 min", 600'000}, {"1.5 h", 5'400'000}, {"8760 h", 31'536'000'000},
};
TEST(ParseDuration, ReadsTimesToTheMillisecond) {
  for (const auto& [text, milliseconds] : times)
    EXPECT_EQ(std::get<std::chrono::milliseconds>(parse_duration(text)).count(), milliseconds) << text;
}

constexpr Wrong wrong_times[] = {
    {"10", R"("10" has no unit; write "10 s")"},
    {"5000", R"("5000" has no unit; write "5000 ms")"},
    {"soon", R"("soon" is not a time; write one such as "10 min")"},
    {"-1 s", R"("-1 s" is negative)"},
    {"10 minutes", R"("10 minutes" has the unknown unit 'minutes'; use ms, s, min or h)"},
    {"10 sec", R"("10 sec" has the unknown unit 'sec'; use ms, s, min or h)"},
    {"10 m", R"("10 m" has the unknown unit 'm'; did you mean 'ms'?)"},
    {"0.5 ms", R"("0.5 ms" is not a whole number of milliseconds)"},
    {"8760.001 h", R"("8760.001 h" is too large; the largest is a year (8760 h))"},
};
TEST(ParseDuration, SaysWhatIsWrongWithWhatIsNoTime) {
  for (const auto& [text, message] : wrong_times)
    EXPECT_EQ(std::get<UnitError>(parse_duration(text)).message, message);
}

}  // namespace
}  // namespace soak
