// "5 MiB", "0 B", "10 min": sizes and times as people write them, with their units, always.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/spelling.hpp"

namespace soak {

/// What is wrong with a text that was to be a size or a time: a clause that quotes it, such as `"5" has no unit;
/// write "5 MiB"`.
struct UnitError {
  std::string message;
};

/// B, KiB, MiB, GiB, TiB and kB, MB, GB, TB (powers of 1000); a fraction is fine where whole bytes result ("1.5
/// KiB"); a space before the unit or none. Negative, overflowing and unit-less sizes are errors.
[[nodiscard]] std::variant<std::int64_t, UnitError> parse_bytes(std::string_view text);
/// The same, but fractions of a byte are fine: "0.5 B" an iteration.
[[nodiscard]] std::variant<double, UnitError> parse_fractional_bytes(std::string_view text);
/// ms, s, min, h; whole milliseconds, a year at most.
[[nodiscard]] std::variant<std::chrono::milliseconds, UnitError> parse_duration(std::string_view text);

/// "-12 B", "0.25 B", "4.0 KiB", "512 KiB": for people, in powers of 1024. One decimal below 100 KiB, MiB, ..., none
/// from there; up to three significant digits where bytes come in fractions.
[[nodiscard]] std::string format_bytes(double bytes);
/// "42 ns", "0.42 us", "13 ms", "2.0 s", "3 min", "1.5 h", "12 days": for people, about two significant digits.
[[nodiscard]] std::string format_nanoseconds(double nanoseconds);

}  // namespace soak
