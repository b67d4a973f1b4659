// Figures for people.
#include <fmt/format.h>

#include <cmath>

#include "config/units.hpp"

namespace soak::config {
namespace {

bool is_whole(double value) { return value == std::trunc(value); }

/// Below one unit above; three significant digits, and no tail of zeros: 0.25, 16.5, 512.
std::string format_fractional_bytes(double bytes) {
  if (std::abs(bytes) < 0.001) return bytes < 0 ? "> -0.001 B" : "< 0.001 B";
  return fmt::format("{:.3g} B", bytes);
}

std::string format_minutes_or_hours(double value, std::string_view unit) {
  const auto tenths = std::round(value * 10) / 10;
  return fmt::format("{:.{}f} {}", tenths, is_whole(tenths) ? 0 : 1, unit);
}

/// 0.42, 4.2, 42, 420.
std::string format_two_digits(double value, std::string_view unit) {
  const double size = std::abs(value);
  const int decimals = size < 0.995 ? 2 : size < 9.95 ? 1 : 0;
  return fmt::format("{:.{}f} {}", value, decimals, unit);
}

}  // namespace

std::string format_bytes(double bytes) {
  if (std::abs(bytes) < 1023.5 || !std::isfinite(bytes))
    return is_whole(bytes) || std::abs(bytes) >= 999.5 ? fmt::format("{:.0f} B", bytes + 0.0)
                                                       : format_fractional_bytes(bytes);
  constexpr std::string_view units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double value = bytes / 1024;
  std::size_t unit = 0;
  // 1023.5 would be printed as 1024: that is 1.0 of the next unit.
  for (; std::abs(value) >= 1023.5 && unit + 1 < std::size(units); ++unit) value /= 1024;
  return fmt::format("{:.{}f} {}", value, std::abs(value) < 99.95 ? 1 : 0, units[unit]);
}

std::string format_nanoseconds(double nanoseconds) {
  const double size = std::abs(nanoseconds);
  constexpr double us = 1e3, ms = 1e6, s = 1e9, min = 60 * s, h = 60 * min;
  if (size < 9.95) return fmt::format("{:.{}f} ns", nanoseconds + 0.0, is_whole(nanoseconds) ? 0 : 1);
  if (size < 99.5) return fmt::format("{:.0f} ns", nanoseconds);
  if (size < 999.5 * us) return format_two_digits(nanoseconds / us, "us");
  if (size < 999.5 * ms) return format_two_digits(nanoseconds / ms, "ms");
  if (size < 2 * min) return format_two_digits(nanoseconds / s, "s");
  if (size < 2 * h) return format_minutes_or_hours(nanoseconds / min, "min");
  if (size < 72 * h) return format_minutes_or_hours(nanoseconds / h, "h");
  return fmt::format("{:.0f} days", nanoseconds / (24 * h));
}

}  // namespace soak::config
