// The readers of values with a unit.
#include <fmt/format.h>

#include "base/units.hpp"
#include "config/values.hpp"

namespace soak::config {
namespace {

/// The text of a value, and of a number as well: the parser then says which unit it lacks.
std::optional<std::string> quantity_text(const Value& value) {
  if (const auto whole = value.node->value_exact<std::int64_t>()) return fmt::format("{}", *whole);
  if (const auto fraction = value.node->value_exact<double>()) return fmt::format("{}", *fraction);
  return value.node->value_exact<std::string>();
}

template <typename Quantity>
std::optional<Quantity> read_quantity(const Value& value, std::string_view wanted,
                                      std::variant<Quantity, UnitError> (*parse)(std::string_view)) {
  const auto text = quantity_text(value);
  if (!text) return value.fail_type(wanted), std::nullopt;
  const auto parsed = parse(*text);
  if (const auto* quantity = std::get_if<Quantity>(&parsed)) return *quantity;
  value.problems->add(value.node->source().begin,
                      fmt::format("{}: {}", value.key, std::get<UnitError>(parsed).message));
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> read_bytes(const Value& value) {
  return read_quantity<std::int64_t>(value, "a size such as \"5 MiB\"", parse_bytes);
}

std::optional<std::int64_t> read_positive_bytes(const Value& value) {
  const auto bytes = read_bytes(value);
  if (bytes && *bytes == 0) return value.fail("must be more than 0 B"), std::nullopt;
  return bytes;
}

std::optional<double> read_bytes_per_iteration(const Value& value) {
  return read_quantity<double>(value, "a size such as \"16 B\"", parse_fractional_bytes);
}

std::optional<std::chrono::milliseconds> read_duration(const Value& value) {
  const auto time = read_quantity<std::chrono::milliseconds>(value, "a time such as \"10 min\"", parse_duration);
  if (time && time->count() == 0) return value.fail("must be longer than 0"), std::nullopt;
  return time;
}

}  // namespace soak::config
