#include "config/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <limits>
#include <optional>
#include <span>

#include "config/printable.hpp"

namespace soak::config {
namespace {

using Rational = boost::multiprecision::cpp_rational;
using Integer = boost::multiprecision::cpp_int;

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
constexpr std::size_t most_digits = 40;

/// One sort of quantity: what is said about it.
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
  return {fmt::format("\"{}\" {}", printable(text), complaint)};
}

/// The length of `digits` or `digits.digits` at the start of the text; 0 where there is none.
std::size_t number_length(std::string_view text) {
  constexpr std::string_view digits = "0123456789";
  const auto whole = std::min(text.find_first_not_of(digits), text.size());
  if (whole == 0 || whole == text.size() || text[whole] != '.') return whole;
  const auto end = std::min(text.find_first_not_of(digits, whole + 1), text.size());
  return end == whole + 1 ? 0 : end;
}

/// Exact, since 0.1 has no double. `number` is what number_length() accepted.
Rational to_rational(std::string_view number) {
  Integer digits = 0, denominator = 1;
  bool after_point = false;
  for (const char c : number) {
    if (c == '.') {
      after_point = true;
      continue;
    }
    digits = digits * 10 + (c - '0');
    if (after_point) denominator *= 10;
  }
  return {digits, denominator};
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
  return unit_error(text, fmt::format("has the unknown unit '{}'{}", printable(unit), hint));
}

UnitError no_unit(std::string_view text, const Rational& number, const Sort& sort) {
  const bool small = number == 0 || number >= 1024;
  return unit_error(text,
                    fmt::format("has no unit; write \"{} {}\"", text, small ? sort.small_unit : sort.default_unit));
}

/// The quantity in bytes or milliseconds; exact, not negative, any size.
std::variant<Rational, UnitError> parse_quantity(std::string_view text, const Sort& sort) {
  const bool negative = text.starts_with('-');
  const auto length = number_length(text.substr(negative ? 1 : 0));
  if (length == 0)
    return unit_error(text, fmt::format("is not {}; write one such as \"{}\"", sort.noun, sort.example));
  if (negative) return unit_error(text, "is negative");
  if (length > most_digits) return unit_error(text, fmt::format("has more than {} digits", most_digits));

  const auto number = to_rational(text.substr(0, length));
  auto unit = text.substr(length);
  if (unit.empty()) return no_unit(text, number, sort);
  if (unit.starts_with(' ')) unit.remove_prefix(1);
  const auto known = std::ranges::find(sort.units, unit, &Unit::name);
  if (known == sort.units.end()) return unknown_unit(text, unit, sort);
  return Rational(number * known->factor);
}

/// `quantity` as a number of at most `most`, which people know as `most_name`.
std::variant<std::int64_t, UnitError> to_whole(std::string_view text, const Rational& quantity, std::int64_t most,
                                               std::string_view most_name, std::string_view small_unit) {
  if (quantity > most) return unit_error(text, fmt::format("is too large; the largest is {}", most_name));
  if (denominator(quantity) != 1) return unit_error(text, fmt::format("is not a whole number of {}", small_unit));
  return numerator(quantity).convert_to<std::int64_t>();
}

constexpr auto largest_size = std::numeric_limits<std::int64_t>::max();
constexpr std::string_view largest_size_name = "8 EiB less 1 B";

}  // namespace

std::variant<std::int64_t, UnitError> parse_bytes(std::string_view text) {
  const auto quantity = parse_quantity(text, size_sort);
  if (const auto* error = std::get_if<UnitError>(&quantity)) return *error;
  return to_whole(text, std::get<Rational>(quantity), largest_size, largest_size_name, "bytes");
}

std::variant<double, UnitError> parse_fractional_bytes(std::string_view text) {
  const auto quantity = parse_quantity(text, fractional_size_sort);
  if (const auto* error = std::get_if<UnitError>(&quantity)) return *error;
  const auto& bytes = std::get<Rational>(quantity);
  if (bytes > largest_size)
    return unit_error(text, fmt::format("is too large; the largest is {}", largest_size_name));
  return bytes.convert_to<double>();
}

std::variant<std::chrono::milliseconds, UnitError> parse_duration(std::string_view text) {
  const auto quantity = parse_quantity(text, time_sort);
  if (const auto* error = std::get_if<UnitError>(&quantity)) return *error;
  const auto whole = to_whole(text, std::get<Rational>(quantity), year_ms, "a year (8760 h)", "milliseconds");
  if (const auto* error = std::get_if<UnitError>(&whole)) return *error;
  return std::chrono::milliseconds{std::get<std::int64_t>(whole)};
}

}  // namespace soak::config
