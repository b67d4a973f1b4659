#include "config/values.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/spelling.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/user_error.hpp"
#include "config/config.hpp"

namespace soak::config {

namespace {

constexpr std::size_t most_told = 20;

std::string_view name_of(toml::node_type type) {
  switch (type) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "an array";
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "a boolean";
    case toml::node_type::date:
      return "a date";
    case toml::node_type::time:
      return "a time of day";
    case toml::node_type::date_time:
      return "a date and time";
    case toml::node_type::none:
      break;
  }
  return "nothing";
}

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

/// Neither names nor paths nor the environment can hold a NUL.
std::optional<std::string> without_nul(const Value& value, std::optional<std::string> text) {
  if (text && has_nul(*text)) return value.fail("must not contain a NUL character"), std::nullopt;
  return text;
}

/// Reads an element of an array that should have been `wanted`.
std::optional<std::string> read_element(const Value& element, std::string_view wanted) {
  auto text = element.node->value_exact<std::string>();
  if (!text)
    return element.fail(fmt::format("must be {}, not one with {}", wanted, name_of(element.node->type()))),
           std::nullopt;
  if (text->empty()) return element.fail("must not have an empty name"), std::nullopt;
  return without_nul(element, std::move(text));
}

/// Reads an array of distinct texts.
std::optional<std::vector<std::string>> read_texts(const Value& value, std::string_view wanted) {
  const auto* array = value.node->as_array();
  if (array == nullptr) return value.fail_type(wanted), std::nullopt;
  std::vector<std::string> texts;
  for (const auto& node : *array) {
    const Value element{value.key, &node, value.key_position, value.problems};
    auto text = read_element(element, wanted);
    if (!text) return std::nullopt;
    if (std::ranges::count(texts, *text) > 0)
      return element.fail(fmt::format("names '{}' twice", sanitize(*text, quote_length))), std::nullopt;
    texts.push_back(*std::move(text));
  }
  return texts;
}

std::optional<std::int64_t> read_count_from(const Value& value, std::int64_t least) {
  const auto count = value.node->value_exact<std::int64_t>();
  if (!count) return value.fail_type("a whole number such as 1"), std::nullopt;
  if (*count < least)
    return value.fail(least == 0 ? "must not be negative" : fmt::format("must be {} or more", least)), std::nullopt;
  return count;
}

/// Why a name cannot be one of a variable: no environment can hold it, or it would change the run unnoticed.
std::optional<std::string_view> wrong_variable_name(std::string_view name) {
  if (name.empty()) return "has a variable without a name";
  if (name.find('=') != std::string_view::npos || has_nul(name))
    return "has a variable whose name contains '=' or a NUL character";
  for (const std::string_view ours : {"SOAK_PROBE", "SOAK_REGION", "SOAK_CHECKPOINTS", "SOAK_ITERATIONS"})
    if (name == ours) return "must not set what soak itself sets for every child; it would measure something else";
  if (name.starts_with("BENCHMARK_"))
    return "must not set BENCHMARK_ variables: Google Benchmark would take them for flags of the run";
  return std::nullopt;
}

std::optional<std::string> read_variable(const Value& variable) {
  auto text = variable.node->value_exact<std::string>();
  if (!text) return variable.fail_type("a string"), std::nullopt;
  return without_nul(variable, std::move(text));
}

/// The text of a value. Numbers are texts as well, so that the parser reports which unit they lack.
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

void Problems::add(const toml::source_position& position, std::string message) {
  problems_.push_back({position, std::move(message)});
}

void Problems::throw_if_any(const SourceText& source, const std::filesystem::path& file) const {
  if (problems_.empty()) return;
  auto in_order = problems_;
  std::ranges::stable_sort(in_order, std::less{}, &Problem::position);
  std::string text;
  for (std::size_t i = 0; i < std::min(in_order.size(), most_told); ++i) {
    const auto& [position, message] = in_order[i];
    text +=
        fmt::format("{}{}", i == 0 ? "" : "\n", located(file, source.place(position.line, position.column), message));
  }
  if (in_order.size() > most_told) text += fmt::format("\nand {} more", in_order.size() - most_told);
  throw UserError(text);
}

void Value::fail(std::string_view complaint) const {
  problems->add(node->source().begin, fmt::format("{} {}", sanitize(key, quote_length), complaint));
}

void Value::fail_type(std::string_view wanted) const {
  fail(fmt::format("must be {}, not {}", wanted, name_of(node->type())));
}

void Value::fail_key(std::string message) const { problems->add(key_position, std::move(message)); }

const toml::table* Value::as_table() const {
  const auto* table = node->as_table();
  if (table == nullptr) fail_type("a table");
  return table;
}

std::vector<Value> entries(const toml::table& table, Problems& problems) {
  std::vector<Value> values;
  for (const auto& [key, node] : table)
    values.push_back({std::string(key.str()), &node, key.source().begin, &problems});
  std::ranges::sort(values, std::less{}, &Value::key_position);
  return values;
}

std::optional<std::int64_t> read_count(const Value& value) { return read_count_from(value, 0); }
std::optional<bool> read_flag(const Value& value) {
  auto flag = value.node->value_exact<bool>();
  if (!flag) value.fail_type("true or false");
  return flag;
}

std::optional<std::int64_t> read_positive_count(const Value& value) { return read_count_from(value, 1); }

std::optional<int> read_checkpoint_count(const Value& value) {
  constexpr std::int64_t least = 2, most = 1000;
  const auto count = read_count_from(value, least);
  if (!count) return std::nullopt;
  if (*count > most) return value.fail(fmt::format("must be {} or less", most)), std::nullopt;
  return static_cast<int>(*count);
}

std::optional<std::filesystem::path> read_path(const Value& value) {
  auto text = value.node->value_exact<std::string>();
  if (!text) return value.fail_type("a string with a path"), std::nullopt;
  if (text->empty()) return value.fail("must not be empty"), std::nullopt;
  return without_nul(value, std::move(text));
}

std::optional<std::vector<std::filesystem::path>> read_paths(const Value& value) {
  const auto texts = read_texts(value, "an array of paths such as [\"soak_scenarios\"]");
  if (!texts) return std::nullopt;
  if (texts->empty()) return value.fail("must not be empty"), std::nullopt;
  return std::vector<std::filesystem::path>(texts->begin(), texts->end());
}

std::optional<std::string> read_text(const Value& value) {
  auto text = value.node->value_exact<std::string>();
  if (!text) return value.fail_type("a string"), std::nullopt;
  if (text->empty()) return value.fail("must not be empty"), std::nullopt;
  return without_nul(value, std::move(text));
}

std::optional<std::string> read_date(const Value& value) {
  const auto date = value.node->value_exact<toml::date>();
  if (!date) return value.fail_type("a date such as 2026-12-31, without quotes"), std::nullopt;
  return fmt::format("{:04}-{:02}-{:02}", date->year, date->month, date->day);
}

std::optional<std::vector<std::string>> read_names(const Value& value) {
  return read_texts(value, "an array of strings such as [\"nightly\"]");
}

std::optional<std::vector<std::string>> read_report_formats(const Value& value) {
  auto names = read_texts(value, "an array of formats such as [\"html\", \"junit\"]");
  if (!names) return std::nullopt;
  const std::vector<std::string> known(report_format_names.begin(), report_format_names.end());
  for (std::size_t i = 0; i < names->size(); ++i) {
    const auto& name = (*names)[i];
    if (std::ranges::count(known, name) > 0) continue;
    auto hint = did_you_mean(name, known);
    if (hint.empty()) hint = fmt::format("; known are {}", fmt::join(known, ", "));
    const Value element{value.key, value.node->as_array()->get(i), value.key_position, value.problems};
    return element.fail(fmt::format("has the unknown format '{}'{}", sanitize(name, quote_length), hint)),
           std::nullopt;
  }
  return names;
}

std::optional<std::map<std::string, std::string>> read_environment(const Value& value) {
  const auto* table = value.node->as_table();
  if (table == nullptr)
    return value.fail_type("a table of strings such as { MALLOC_ARENA_MAX = \"1\" }"), std::nullopt;
  std::map<std::string, std::string> environment;
  for (const auto& variable : entries(*table, *value.problems)) {
    if (const auto complaint = wrong_variable_name(variable.key))
      variable.fail_key(fmt::format("{} {}", value.key, *complaint));
    if (auto text = read_variable(variable)) environment.emplace(variable.key, *std::move(text));
  }
  return environment;
}

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
