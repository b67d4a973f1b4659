// Members of objects that need not be there: how run.json leaves them out, and how they are read.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "record/json_document.hpp"
#include "record/spellings.hpp"

namespace soak::record {

template <typename Value>
void put(nlohmann::ordered_json& object, const char* key, const std::optional<Value>& value) {
  if (value) object[key] = *value;
}
/// JSON has no word for infinity; what is not finite was not measured.
inline void put(nlohmann::ordered_json& object, const char* key, double value) {
  if (std::isfinite(value)) object[key] = value;
}
inline void put(nlohmann::ordered_json& object, const char* key, std::optional<double> value) {
  if (value) put(object, key, *value);
}
inline void put_unless_empty(nlohmann::ordered_json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

[[nodiscard]] inline std::string text_in(const JsonSpot& object, std::string_view key) {
  const auto member = object.find(key);
  return member ? member->text() : std::string();
}
[[nodiscard]] inline std::optional<double> number_in(const JsonSpot& object, std::string_view key) {
  const auto member = object.find(key);
  return member ? std::optional(member->number()) : std::nullopt;
}
[[nodiscard]] inline std::optional<std::int64_t> count_in(const JsonSpot& object, std::string_view key) {
  const auto member = object.find(key);
  return member ? std::optional(member->count()) : std::nullopt;
}
[[nodiscard]] inline std::optional<std::int64_t> reading_in(const JsonSpot& object, std::string_view key) {
  const auto member = object.find(key);
  return member ? std::optional(member->reading()) : std::nullopt;
}
[[nodiscard]] inline bool flag_in(const JsonSpot& object, std::string_view key) {
  const auto member = object.find(key);
  return member && member->boolean();
}
/// Throws UnreadableRecord where the table has no such name.
template <typename Table>
[[nodiscard]] auto enumerator_in(const JsonSpot& object, std::string_view key, const Table& table) {
  const auto member = object.at(key);
  const auto written = member.text();
  for (const auto& [value, name] : table)
    if (name == written) return value;
  member.refuse("unknown value '" + written + "'");
}

}  // namespace soak::record
