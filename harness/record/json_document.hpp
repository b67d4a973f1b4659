// Reading JSON that may be anything at all: what is wrong with it is said with file and place.
#pragma once

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
/// UnreadableRecord with that place where the value is not what was asked for.
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
  /// A count: 0 to 2^53. A number such as 4.096e3 will do.
  [[nodiscard]] std::int64_t count() const;
  /// What a counter read: within 2^53 of zero, so that any two can be subtracted. One that starts in the middle of a
  /// process's life may go below zero.
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

}  // namespace soak::record
