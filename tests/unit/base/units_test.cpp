#include "base/units.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "golden.hpp"

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

/// What cannot be read, and what is offered instead.
struct Wrong {
  std::string_view text, offer;
};

template <typename Parse>
void expect_refused(const Wrong& wrong, Parse parse) {
  const auto parsed = parse(wrong.text);
  ASSERT_TRUE(std::holds_alternative<UnitError>(parsed)) << wrong.text;
  const auto& message = std::get<UnitError>(parsed).message;
  EXPECT_THAT(message, testing::HasSubstr(std::string(wrong.offer)));
  EXPECT_THAT(message, testing::Not(testing::HasSubstr("\x1b"))) << "it would reach the terminal";
  expect_wording(message.substr(0, message.find('"', 1) + 1), message);
}

constexpr Wrong wrong_sizes[] = {
    {"", ""},
    {"MiB", ""},
    {"lots", ""},
    {" 5 MiB", ""},
    {"+5 MiB", ""},
    {".5 MiB", ""},
    {"5. MiB", ""},
    {"-", ""},
    {"inf", ""},
    {"5", R"("5 MiB")"},
    {"5.5", R"("5.5 MiB")"},
    {"0", R"("0 B")"},
    {"5242880", R"("5242880 B")"},
    {"-5 MiB", ""},
    {"-5", ""},
    {"5 MBit", ""},
    {"5 PiB", "'KiB'"},
    {"5 mib", "'MiB'"},
    {"5 KB", "'kB'"},
    {"5 ", ""},
    {"5 MiB ", "'MiB'"},
    {"5  MiB", "'MiB'"},
    {"1,5 MiB", ""},
    {"1e3 B", ""},
    {"0.3 B", ""},
    {"0.3 KiB", ""},
    {"9223372036854775808 B", ""},
    {"99999999999999999999 TiB", ""},
    {"00000000000000000000000000000000000000001 B", ""},
    {"5 \x1b[31m", ""},
};
TEST(ParseBytes, SaysWhatIsWrongWithWhatIsNoSize) {
  for (const auto& wrong : wrong_sizes) expect_refused(wrong, parse_bytes);
}

TEST(ParseFractionalBytes, TakesPartsOfAByte) {
  EXPECT_EQ(std::get<double>(parse_fractional_bytes("0.5 B")), 0.5);
  EXPECT_EQ(std::get<double>(parse_fractional_bytes("0.3 KiB")), 307.2);
  EXPECT_EQ(std::get<double>(parse_fractional_bytes("16 B")), 16);
}

constexpr Wrong wrong_fractional_sizes[] = {
    {"0.5", R"("0.5 B")"},
    {"x", ""},
    {"-1 B", ""},
    {"8388608 TiB", ""},
};
TEST(ParseFractionalBytes, SaysWhatIsWrongWithWhatIsNoSize) {
  for (const auto& wrong : wrong_fractional_sizes) expect_refused(wrong, parse_fractional_bytes);
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
    {"10", R"("10 s")"}, {"5000", R"("5000 ms")"}, {"soon", ""},   {"-1 s", ""},       {"10 minutes", ""},
    {"10 sec", ""},      {"10 m", "'ms'"},         {"0.5 ms", ""}, {"8760.001 h", ""},
};
TEST(ParseDuration, SaysWhatIsWrongWithWhatIsNoTime) {
  for (const auto& wrong : wrong_times) expect_refused(wrong, parse_duration);
}

}  // namespace
}  // namespace soak
