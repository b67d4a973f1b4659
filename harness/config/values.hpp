// From TOML values to ours: every reader accepts one kind of value, and names it if it finds another.
#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/source_text.hpp"

namespace soak::config {

/// All that is wrong with a file, reported at once.
class Problems {
 public:
  /// A sentence without its place.
  void add(const toml::source_position& position, std::string message);
  [[nodiscard]] bool empty() const { return problems_.empty(); }
  /// Throws one UserError with every problem in the order of the file, of many the first ones; returns if there is
  /// none.
  void throw_if_any(const SourceText& source, const std::filesystem::path& file) const;

 private:
  struct Problem {
    toml::source_position position;
    std::string message;
  };
  std::vector<Problem> problems_;
};

/// A value of the file, under the key it has there.
struct Value {
  std::string key;
  const toml::node* node;
  toml::source_position key_position;
  Problems* problems;

  /// Notes a problem with the value: "KEY COMPLAINT".
  void fail(std::string_view complaint) const;
  /// Notes that the value should have been `wanted`.
  void fail_type(std::string_view wanted) const;
  /// Notes a problem with the key.
  void fail_key(std::string message) const;
  /// The value as a table; notes a problem if it is not one.
  [[nodiscard]] const toml::table* as_table() const;
};

/// The entries of a table in the order of the file.
[[nodiscard]] std::vector<Value> entries(const toml::table& table, Problems& problems);

// These are empty if a problem was noted.
[[nodiscard]] std::optional<std::int64_t> read_bytes(const Value& value);
[[nodiscard]] std::optional<std::int64_t> read_positive_bytes(const Value& value);
[[nodiscard]] std::optional<double> read_bytes_per_iteration(const Value& value);
[[nodiscard]] std::optional<std::chrono::milliseconds> read_duration(const Value& value);  ///< Longer than 0.
[[nodiscard]] std::optional<bool> read_flag(const Value& value);
[[nodiscard]] std::optional<std::int64_t> read_count(const Value& value);  ///< 0 or more.
[[nodiscard]] std::optional<std::int64_t> read_positive_count(const Value& value);
[[nodiscard]] std::optional<int> read_checkpoint_count(const Value& value);
[[nodiscard]] std::optional<std::filesystem::path> read_path(const Value& value);
[[nodiscard]] std::optional<std::vector<std::filesystem::path>> read_paths(const Value& value);
[[nodiscard]] std::optional<std::string> read_text(const Value& value);                ///< Not empty.
[[nodiscard]] std::optional<std::string> read_date(const Value& value);                ///< YYYY-MM-DD.
[[nodiscard]] std::optional<std::vector<std::string>> read_names(const Value& value);  ///< Each of them once.
[[nodiscard]] std::optional<std::vector<std::string>> read_report_formats(const Value& value);
[[nodiscard]] std::optional<std::map<std::string, std::string>> read_environment(const Value& value);

}  // namespace soak::config
