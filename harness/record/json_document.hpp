// Reads JSON that may hold anything at all: each error names the file and the place in it.
#pragma once

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace soak::record {

/// Parses a whole document of bounded size, depth and number of values. Throws UnreadableRecord, with line and
/// column.
[[nodiscard]] nlohmann::json parse_document(std::string_view text, const std::string& origin);

/// A value and where it stands ("scenarios[3].name"). Borrows document and origin. Every accessor throws
/// UnreadableRecord with that place if the value is not what was asked for.
class JsonSpot {
 public:
  JsonSpot(const nlohmann::json& document, const std::string& origin) : JsonSpot(document, origin, std::string()) {}

  /// The member of an object. An absent key and, in find, null count as not there.
  [[nodiscard]] JsonSpot at(std::string_view key) const;
  [[nodiscard]] std::optional<JsonSpot> find(std::string_view key) const;
  /// The elements of an array.
  [[nodiscard]] std::vector<JsonSpot> elements() const;
  /// The members of an object, by key.
  [[nodiscard]] std::vector<std::pair<std::string, JsonSpot>> members() const;

  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] double number() const;
  /// An integer in [least, most].
  [[nodiscard]] std::int64_t integer(std::int64_t least, std::int64_t most) const;
  /// A count: 0 to 2^53. A number such as 4.096e3 is accepted.
  [[nodiscard]] std::int64_t count() const;
  /// A reading of a counter: within 2^53 of zero, so that any two can be subtracted. A counter that starts in the
  /// middle of a process's life may go below zero.
  [[nodiscard]] std::int64_t reading() const;

  [[nodiscard]] const nlohmann::json& value() const { return *value_; }
  [[noreturn]] void refuse(const std::string& what) const;

 private:
  JsonSpot(const nlohmann::json& value, const std::string& origin, std::string path)
      : value_(&value), origin_(&origin), path_(std::move(path)) {}
  const nlohmann::json& require_object() const;

  const nlohmann::json* value_;
  const std::string* origin_;
  std::string path_;
};

// ---- members that an object need not have: how they are written and read ----

/// null if it was not measured, or is not finite, which JSON cannot write.
template <typename Number>
[[nodiscard]] nlohmann::ordered_json number_or_null(const std::optional<Number>& value) {
  if (!value || !std::isfinite(static_cast<double>(*value))) return nullptr;
  return *value;
}
template <typename Value>
void put(nlohmann::ordered_json& object, const char* key, const std::optional<Value>& value) {
  if (value) object[key] = *value;
}
/// Leaves out what is not finite, because JSON cannot write it.
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
/// Throws UnreadableRecord if the table has no such name.
template <typename Table>
[[nodiscard]] auto enumerator_in(const JsonSpot& object, std::string_view key, const Table& table) {
  const auto member = object.at(key);
  const auto written = member.text();
  for (const auto& [value, name] : table)
    if (name == written) return value;
  member.refuse("unknown value '" + written + "'");
}

}  // namespace soak::record
