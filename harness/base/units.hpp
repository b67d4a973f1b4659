// "5 MiB", "0 B", "10 min": sizes and times as people write them, with their units, always.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/spelling.hpp"

namespace soak {

/// Why a text is not a size or a time: a clause that quotes it, such as `"5" has no unit; write "5 MiB"`.
struct UnitError {
  std::string message;
};

/// A size in B, KiB, MiB, GiB, TiB or kB, MB, GB, TB (powers of 1000), with or without a space before the unit. A
/// fraction is accepted if whole bytes result ("1.5 KiB"). Negative, overflowing and unit-less sizes are errors.
[[nodiscard]] std::variant<std::int64_t, UnitError> parse_bytes(std::string_view text);
/// The same, but fractions of a byte are accepted: "0.5 B" per iteration.
[[nodiscard]] std::variant<double, UnitError> parse_fractional_bytes(std::string_view text);
/// A time in ms, s, min or h: whole milliseconds, at most a year.
[[nodiscard]] std::variant<std::chrono::milliseconds, UnitError> parse_duration(std::string_view text);

/// "-12 B", "0.25 B", "4.0 KiB", "512 KiB": for people, in powers of 1024. One decimal below 100 KiB, MiB, ..., none
/// above; up to three significant digits for fractions of a byte.
[[nodiscard]] std::string format_bytes(double bytes);
/// "42 ns", "0.42 us", "13 ms", "2.0 s", "3 min", "1.5 h", "12 days": for people, about two significant digits.
[[nodiscard]] std::string format_nanoseconds(double nanoseconds);

}  // namespace soak
