#include <gtest/gtest.h>

#include "base/units.hpp"

namespace soak {
namespace {

struct Figure {
  double value;
  std::string_view text;
};

constexpr Figure sizes[] = {
    {0, "0 B"},
    {-0.0, "0 B"},
    {-12, "-12 B"},
    {1000, "1000 B"},
    {1023, "1023 B"},
    {1023.4, "1023 B"},
    {1023.5, "1.0 KiB"},
    {0.25, "0.25 B"},
    {2.0 / 3, "0.667 B"},
    {16.54, "16.5 B"},
    {999.4, "999 B"},
    {999.6, "1000 B"},
    {0.00001, "< 0.001 B"},
    {-0.00001, "> -0.001 B"},
    {4096, "4.0 KiB"},
    {-4096, "-4.0 KiB"},
    {1536, "1.5 KiB"},
    {1536.0 * 1024, "1.5 MiB"},
    {99.9 * 1024, "99.9 KiB"},
    {99.96 * 1024, "100 KiB"},
    {512 * 1024, "512 KiB"},
    {1023.9 * 1024, "1.0 MiB"},
    {5 << 20, "5.0 MiB"},
    {3.0 * (1 << 30), "3.0 GiB"},
    {9.2e18, "8.0 EiB"},
    {1e30, "867361737988 EiB"},
};
TEST(FormatBytes, IsShortAndNeverRoundsIntoTheUnitAbove) {
  for (const auto& [bytes, text] : sizes) EXPECT_EQ(format_bytes(bytes), text) << bytes;
}

constexpr Figure times[] = {
    {0, "0 ns"},         {1, "1 ns"},        {4.2, "4.2 ns"},   {42, "42 ns"},      {99.4, "99 ns"},
    {99.6, "0.10 us"},   {420, "0.42 us"},   {4'200, "4.2 us"}, {13e3, "13 us"},    {999'499, "999 us"},
    {999'600, "1.0 ms"}, {13e6, "13 ms"},    {420e6, "420 ms"}, {999.7e6, "1.0 s"}, {2e9, "2.0 s"},
    {90e9, "90 s"},      {150e9, "2.5 min"}, {180e9, "3 min"},  {3600e9, "60 min"}, {5400e9, "90 min"},
    {7200e9, "2 h"},     {9000e9, "2.5 h"},
};
TEST(FormatNanoseconds, HasTheUnitThatFits) {
  for (const auto& [nanoseconds, text] : times) EXPECT_EQ(format_nanoseconds(nanoseconds), text) << nanoseconds;
}

}  // namespace
}  // namespace soak
