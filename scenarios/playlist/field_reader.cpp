#include <fmt/format.h>

#include <charconv>
#include <playlist/field_reader.hpp>
#include <playlist/playlist_error.hpp>
#include <string_view>

namespace playlist {
namespace {

using nlohmann::json;

constexpr std::int64_t seconds_per_minute = 60;
// More than any video lasts, and small enough to be multiplied by 60 without a second thought.
constexpr std::int64_t longest_clock_part = 1'000'000'000;
// 2^63 as a double; what is below fits into std::int64_t.
constexpr double beyond_int64 = 9223372036854775808.0;

const json* find_field(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::int64_t> amount_in_text(std::string_view text) {
  std::int64_t amount = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  if (error != std::errc() || end != text.data() + text.size() || amount < 0) return std::nullopt;
  return amount;
}

std::optional<std::int64_t> amount_in_float(double value) {
  if (!(value >= 0 && value < beyond_int64)) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> amount_in_integer(const json& value) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)) {
    return std::nullopt;
  }
  const auto amount = value.get<std::int64_t>();
  return amount < 0 ? std::nullopt : std::optional(amount);
}

std::optional<std::int64_t> seconds_on_clock(std::string_view text) {
  std::int64_t seconds = 0;
  for (int parts = 1;; ++parts) {
    const auto colon = text.find(':');
    const auto part = amount_in_text(text.substr(0, colon));
    if (!part || *part > longest_clock_part || parts > 3) return std::nullopt;
    seconds = seconds * seconds_per_minute + *part;
    if (colon == std::string_view::npos) return seconds;
    text.remove_prefix(colon + 1);
  }
}

}  // namespace

std::string read_text(const json& object, const char* key) {
  const auto* value = find_field(object, key);
  if (value == nullptr) return {};
  if (value->is_string()) return value->get_ref<const std::string&>();
  return value->is_number() ? value->dump() : std::string();
}

std::optional<std::int64_t> read_amount(const json& object, const char* key) {
  const auto* value = find_field(object, key);
  if (value == nullptr) return std::nullopt;
  if (value->is_number_integer()) return amount_in_integer(*value);
  if (value->is_number_float()) return amount_in_float(value->get<double>());
  return value->is_string() ? amount_in_text(value->get_ref<const std::string&>()) : std::nullopt;
}

std::optional<std::int64_t> read_duration(const json& object, const char* key) {
  const auto* value = find_field(object, key);
  if (value != nullptr && value->is_string()) return seconds_on_clock(value->get_ref<const std::string&>());
  return read_amount(object, key);
}

std::span<const json> read_list(const json& object, const char* key) {
  const auto* value = find_field(object, key);
  if (value == nullptr) return {};
  if (!value->is_array())
    throw PlaylistError(fmt::format("'{}' has to be an array, not {}", key, value->type_name()));
  return value->get_ref<const json::array_t&>();
}

}  // namespace playlist
