#include "base/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "base/text.hpp"

namespace soak {
namespace {

__extension__ using Integer = unsigned __int128;

struct Unit {
  std::string_view name;
  std::int64_t factor;
};
constexpr Unit size_units[] = {
    {"B", 1},
    {"KiB", std::int64_t{1} << 10},
    {"MiB", std::int64_t{1} << 20},
    {"GiB", std::int64_t{1} << 30},
    {"TiB", std::int64_t{1} << 40},
    {"kB", 1'000},
    {"MB", 1'000'000},
    {"GB", 1'000'000'000},
    {"TB", 1'000'000'000'000},
};
constexpr Unit time_units[] = {{"ms", 1}, {"s", 1'000}, {"min", 60'000}, {"h", 3'600'000}};
constexpr std::int64_t year_ms = std::int64_t{365} * 24 * 3'600'000;
/// With a point among them: the denominator of what is behind it fits into an Integer.
constexpr std::size_t most_digits = 40;
/// Larger than any quantity that is accepted, and small enough to be multiplied by any factor.
constexpr Integer too_large = Integer{1} << 64;

/// whole + numerator / denominator, in lowest terms, the fraction less than 1; whole is at most too_large. Exact,
/// because 0.1 has no double.
struct Number {
  Integer whole = 0, numerator = 0, denominator = 1;
};

/// Units and error wording of one kind of quantity.
struct Sort {
  std::span<const Unit> units;
  std::string_view noun;          ///< "a size"
  std::string_view example;       ///< "5 MiB"
  std::string_view small_unit;    ///< Proposed for 0 and for numbers that look as if they were in it.
  std::string_view default_unit;  ///< Proposed for other numbers.
};
constexpr Sort size_sort{size_units, "a size", "5 MiB", "B", "MiB"};
constexpr Sort fractional_size_sort{size_units, "a size", "16 B", "B", "B"};
constexpr Sort time_sort{time_units, "a time", "10 min", "ms", "s"};

UnitError unit_error(std::string_view text, std::string_view complaint) {
  return {fmt::format("\"{}\" {}", sanitize(text, quote_length), complaint)};
}

/// The length of `digits` or `digits.digits` at the start of the text; 0 if it starts otherwise.
std::size_t number_length(std::string_view text) {
  constexpr std::string_view digits = "0123456789";
  const auto whole = std::min(text.find_first_not_of(digits), text.size());
  if (whole == 0 || whole == text.size() || text[whole] != '.') return whole;
  const auto end = std::min(text.find_first_not_of(digits, whole + 1), text.size());
  return end == whole + 1 ? 0 : end;
}

Integer greatest_common_divisor(Integer a, Integer b) {
  while (b != 0) a = std::exchange(b, a % b);
  return a;
}

/// `number` is what number_length() accepted.
Number to_number(std::string_view text) {
  const auto point = std::min(text.find('.'), text.size());
  Number number;
  for (const char digit : text.substr(0, point))
    number.whole = std::min<Integer>(number.whole * 10 + static_cast<Integer>(digit - '0'), too_large);
  for (const char digit : text.substr(std::min(point + 1, text.size()))) {
    number.numerator = number.numerator * 10 + static_cast<Integer>(digit - '0');
    number.denominator *= 10;
  }
  const auto divisor = greatest_common_divisor(number.numerator, number.denominator);
  return {number.whole, number.numerator / divisor, number.denominator / divisor};
}

/// A number of some unit, in bytes or milliseconds.
struct Quantity {
  Integer whole = 0;
  long double fraction = 0;  ///< Nearest to what is beyond `whole`.
  bool is_whole = true;      ///< Exactly: a fraction may be too near to 0 or 1 for any type.
};

Quantity times(const Number& number, std::int64_t factor) {
  const auto units = static_cast<Integer>(factor);
  if (units % number.denominator == 0)
    return {number.whole * units + number.numerator * (units / number.denominator)};
  // The factor goes into the denominator before it is multiplied, so that 0.0003 kB is as exact as 0.3 B.
  const auto divisor = greatest_common_divisor(units, number.denominator);
  const auto part = static_cast<long double>(number.numerator) * static_cast<long double>(units / divisor) /
                    static_cast<long double>(number.denominator / divisor);
  return {number.whole * units + static_cast<Integer>(part), part - std::floor(part), false};
}

std::string unit_names(std::span<const Unit> units) {
  std::string names;
  for (std::size_t i = 0; i < units.size(); ++i)
    names += fmt::format("{}{}", i == 0 ? "" : i + 1 == units.size() ? " or " : ", ", units[i].name);
  return names;
}

UnitError unknown_unit(std::string_view text, std::string_view unit, const Sort& sort) {
  std::vector<std::string> names;
  for (const auto& known : sort.units) names.emplace_back(known.name);
  auto hint = did_you_mean(unit, names);
  if (hint.empty()) hint = fmt::format("; use {}", unit_names(sort.units));
  return unit_error(text, fmt::format("has the unknown unit '{}'{}", sanitize(unit, quote_length), hint));
}

UnitError no_unit(std::string_view text, const Number& number, const Sort& sort) {
  const bool small = (number.whole == 0 && number.numerator == 0) || number.whole >= 1024;
  return unit_error(text,
                    fmt::format("has no unit; write \"{} {}\"", text, small ? sort.small_unit : sort.default_unit));
}

std::variant<Quantity, UnitError> parse_quantity(std::string_view text, const Sort& sort) {
  const bool negative = text.starts_with('-');
  const auto length = number_length(text.substr(negative ? 1 : 0));
  if (length == 0)
    return unit_error(text, fmt::format("is not {}; write one such as \"{}\"", sort.noun, sort.example));
  if (negative) return unit_error(text, "is negative");
  if (length > most_digits) return unit_error(text, fmt::format("has more than {} digits", most_digits));

  const auto number = to_number(text.substr(0, length));
  auto unit = text.substr(length);
  if (unit.empty()) return no_unit(text, number, sort);
  if (unit.starts_with(' ')) unit.remove_prefix(1);
  const auto known = std::ranges::find(sort.units, unit, &Unit::name);
  if (known == sort.units.end()) return unknown_unit(text, unit, sort);
  return times(number, known->factor);
}

bool is_more_than(std::int64_t most, const Quantity& quantity) {
  const auto limit = static_cast<Integer>(most);
  return quantity.whole > limit || (quantity.whole == limit && !quantity.is_whole);
}

/// `quantity` as a number of at most `most`, which people know as `most_name`.
std::variant<std::int64_t, UnitError> to_whole(std::string_view text, const Quantity& quantity, std::int64_t most,
                                               std::string_view most_name, std::string_view small_unit) {
  if (is_more_than(most, quantity))
    return unit_error(text, fmt::format("is too large; the largest is {}", most_name));
  if (!quantity.is_whole) return unit_error(text, fmt::format("is not a whole number of {}", small_unit));
  return static_cast<std::int64_t>(quantity.whole);
}

constexpr auto largest_size = std::numeric_limits<std::int64_t>::max();
constexpr std::string_view largest_size_name = "8 EiB less 1 B";

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

std::variant<std::int64_t, UnitError> parse_bytes(std::string_view text) {
  const auto quantity = parse_quantity(text, size_sort);
  if (const auto* error = std::get_if<UnitError>(&quantity)) return *error;
  return to_whole(text, std::get<Quantity>(quantity), largest_size, largest_size_name, "bytes");
}

std::variant<double, UnitError> parse_fractional_bytes(std::string_view text) {
  const auto quantity = parse_quantity(text, fractional_size_sort);
  if (const auto* error = std::get_if<UnitError>(&quantity)) return *error;
  const auto& bytes = std::get<Quantity>(quantity);
  if (is_more_than(largest_size, bytes))
    return unit_error(text, fmt::format("is too large; the largest is {}", largest_size_name));
  return static_cast<double>(static_cast<long double>(bytes.whole) + bytes.fraction);
}

std::variant<std::chrono::milliseconds, UnitError> parse_duration(std::string_view text) {
  const auto quantity = parse_quantity(text, time_sort);
  if (const auto* error = std::get_if<UnitError>(&quantity)) return *error;
  const auto whole = to_whole(text, std::get<Quantity>(quantity), year_ms, "a year (8760 h)", "milliseconds");
  if (const auto* error = std::get_if<UnitError>(&whole)) return *error;
  return std::chrono::milliseconds{std::get<std::int64_t>(whole)};
}

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

}  // namespace soak
