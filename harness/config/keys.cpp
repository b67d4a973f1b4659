#include "config/keys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <variant>

#include "base/spelling.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "config/scenario_keys.hpp"
#include "record/record_names.hpp"

namespace soak::config {

namespace {

std::vector<std::string> joined(std::vector<std::string> first, const std::vector<std::string>& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// "; it belongs in [run] or [scenario."..."]", or nothing if no table has the key.
std::string where_it_belongs(std::string_view key) {
  std::vector<std::string> tables;
  for (const auto& [table, keys] : all_keys())
    if (!table.empty() && std::ranges::count(keys, key) > 0) tables.push_back(table);
  return tables.empty() ? "" : fmt::format("; it belongs in {}", fmt::join(tables, " or "));
}

/// Reads a table all of whose keys go to one target.
template <typename Target, std::size_t size>
void read_table(const Value& value, const Key<Target> (&keys)[size], Target& target) {
  const auto* table = value.as_table();
  if (table == nullptr) return;
  for (const auto& entry : entries(*table, *value.problems))
    if (!read_if_known(keys, entry, target)) fail_unknown_key(entry, fmt::format("[{}]", value.key), names_of(keys));
}

struct Step {
  std::string_view name;
  std::int64_t bytes;
};

/// Notes the problem at the upper of two steps, or at the lower one if the upper is not in the file.
void check_step(const Value& severity, const Step& lower, const Step& upper) {
  if (lower.bytes < upper.bytes) return;
  const auto& table = *severity.node->as_table();
  const auto* written = table.contains(upper.name) ? table.get(upper.name) : table.get(lower.name);
  severity.problems->add(written->source().begin,
                         fmt::format("severities must ascend, but {} ({}) is not above {} ({})", upper.name,
                                     format_bytes(static_cast<double>(upper.bytes)), lower.name,
                                     format_bytes(static_cast<double>(lower.bytes))));
}

using record::Metric;
using record::Unit;

std::string_view example_of(const Metric& metric) {
  switch (metric.unit) {
    case Unit::bytes:
      return "\"+10 %\" or \"+64 KiB\"";
    case Unit::bytes_per_iteration:
      return "\"+10 %\" or \"+0.5 B\"";
    case Unit::count:
    case Unit::count_per_iteration:
      return "\"+0 %\" or \"+1\"";
    case Unit::nanoseconds:
      break;
  }
  return "\"+5 %\"";
}

/// A plain decimal number, not negative.
std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && std::isfinite(number) && number >= 0 ? std::optional(number) : std::nullopt;
}

/// `text` is the part behind the plus.
std::optional<double> amount_of(std::string_view text, const Metric& metric) {
  if (metric.unit == Unit::count || metric.unit == Unit::count_per_iteration) return number_of(text);
  if (metric.unit == Unit::nanoseconds) return {};
  const auto bytes = parse_fractional_bytes(text);
  return std::holds_alternative<double>(bytes) ? std::optional(std::get<double>(bytes)) : std::nullopt;
}

std::optional<double> percent_of(std::string_view text) {
  if (!text.ends_with('%')) return {};
  text.remove_suffix(1);
  if (text.ends_with(' ')) text.remove_suffix(1);
  return number_of(text);
}

std::optional<Gate> read_gate(const Value& value, const Metric& metric) {
  const auto text = value.node->value_exact<std::string>();
  if (!text) return value.fail_type(fmt::format("a string such as {}", example_of(metric))), std::nullopt;
  Gate gate{.text = *text, .percent = {}, .amount = {}};
  if (text->starts_with('+')) {
    gate.percent = percent_of(std::string_view(*text).substr(1));
    if (!gate.percent) gate.amount = amount_of(std::string_view(*text).substr(1), metric);
  }
  if (gate.percent || gate.amount) return gate;
  value.fail(fmt::format("takes by how much it may be greater, such as {}, not \"{}\"", example_of(metric),
                         sanitize(*text, quote_length)));
  return std::nullopt;
}

/// Whether the newer names lead back to the first.
bool is_circle(const std::map<std::string, std::string>& renames, const std::string& from) {
  std::set<std::string> seen{from};
  for (auto next = renames.find(from); next != renames.end(); next = renames.find(next->second))
    if (!seen.insert(next->second).second) return true;
  return false;
}

// Without crash, timeout and missing: what was not measured never passes, whatever a file says.
constexpr std::array<std::string_view, 9> waivable_metrics{"final_growth", "peak_growth", "peak_rss",
                                                           "heap_growth",  "open_files",  "threads",
                                                           "children",     "mappings",    "objects"};
constexpr std::array<std::string_view, 3> failures{"crash", "timeout", "missing"};

SourcePlace place_of(const Value& value) {
  const auto& position = value.node->source().begin;
  return {position.line, position.column, {}};
}

void require(const Value& waiver, bool is_there, std::string_view what) {
  if (!is_there) waiver.fail(fmt::format("has no {}", what));
}

Waiver read_waiver(const Value& value, const toml::table& table) {
  Waiver waiver;
  waiver.place = place_of(value);
  for (const auto& entry : entries(table, *value.problems))
    if (!read_if_known(waiver_keys, entry, waiver)) fail_unknown_key(entry, "[[waiver]]", names_of(waiver_keys));
  require(value, table.contains("scenario"), "scenario");
  require(value, table.contains("metric") || table.contains("site"), "metric and no site: one of them, or both");
  require(value, table.contains("reason"), "reason: whoever finds it next year will want to know");
  require(value, table.contains("until"), "until: a waiver ends on a day, such as until = 2026-12-31");
  return waiver;
}

}  // namespace

const std::vector<TableKeys>& all_keys() {
  static const std::vector<TableKeys> tables = {
      {"", names_of(file_keys)},
      {"[run]", names_of(run_keys)},
      {"[thresholds]", names_of(threshold_keys)},
      {"[severity]", names_of(severity_keys)},
      {"[report]", names_of(report_keys)},
      {"[history]", names_of(history_keys)},
      {"[compare]", metric_names()},
      {"[scenario.\"...\"]", joined(names_of(threshold_keys), names_of(scenario_keys))},
      {"[scenario.\"...\".checkpoints]", names_of(checkpoint_keys)},
      {"[[waiver]]", names_of(waiver_keys)},
  };
  return tables;
}

void fail_unknown_key(const Value& value, std::string_view table, const std::vector<std::string>& known) {
  auto hint = where_it_belongs(value.key);
  if (hint.empty()) hint = did_you_mean(value.key, known);
  if (hint.empty()) hint = fmt::format("; known here: {}", fmt::join(known, ", "));
  const auto where = table.empty() ? "" : fmt::format(" in {}", table);
  value.fail_key(fmt::format("unknown key '{}'{}{}", sanitize(value.key, quote_length), where, hint));
}

void check_schema(const Value& value, Config&) {
  const auto schema = read_positive_count(value);
  if (schema && *schema > schema_version)
    value.fail(
        fmt::format("{} is newer than this soak, which knows schema {}; use a newer soak", *schema, schema_version));
}

void read_run(const Value& value, Config& config) { read_table(value, run_keys, config); }

void read_thresholds(const Value& value, Config& config) { read_table(value, threshold_keys, config.defaults); }

void read_report(const Value& value, Config& config) { read_table(value, report_keys, config); }

void read_severity(const Value& value, Config& config) {
  auto& scale = config.severity;
  read_table(value, severity_keys, scale);
  if (!value.problems->empty()) return;
  const Step steps[] = {{"low", scale.low_bytes},
                        {"medium", scale.medium_bytes},
                        {"high", scale.high_bytes},
                        {"critical", scale.critical_bytes}};
  for (std::size_t i = 1; i < std::size(steps); ++i) check_step(value, steps[i - 1], steps[i]);
}

std::vector<std::string> metric_names() {
  std::vector<std::string> names;
  for (const auto& metric : record::metrics) names.emplace_back(metric.name);
  return names;
}

void read_store(const Value& value, Config& config) {
  const auto store = read_path(value);
  if (!store) return;
  const auto text = store->string();
  if (text.find("://") != std::string::npos && !text.starts_with("postgresql://"))
    return value.fail(
        fmt::format("must be a file, or begin with postgresql://, not \"{}\"", sanitize(text, quote_length)));
  config.store = text;
}

void read_history(const Value& value, Config& config) {
  const auto* table = value.as_table();
  if (table == nullptr) return;
  for (const auto& entry : entries(*table, *value.problems))
    if (!read_if_known(history_keys, entry, config)) fail_unknown_key(entry, "[history]", names_of(history_keys));
}

void read_compare(const Value& value, Config& config) {
  const auto* table = value.as_table();
  if (table == nullptr) return;
  for (const auto& entry : entries(*table, *value.problems)) {
    const auto* const metric = record::metric_named(entry.key);
    if (metric == nullptr) {
      fail_unknown_key(entry, "[compare]", metric_names());
    } else if (auto gate = read_gate(entry, *metric)) {
      config.gates.emplace(entry.key, *std::move(gate));
    }
  }
}

void read_rename(const Value& value, Config& config) {
  const auto* table = value.as_table();
  if (table == nullptr) return;
  for (const auto& entry : entries(*table, *value.problems)) {
    const auto newer = entry.node->value_exact<std::string>();
    if (!newer || newer->empty()) {
      entry.fail("must be a string with the scenario's newer name");
      continue;
    }
    config.renames.emplace(entry.key, *newer);
    if (is_circle(config.renames, entry.key)) {
      entry.fail(
          fmt::format("leads back to '{}'; a scenario has one newest name", sanitize(entry.key, quote_length)));
      config.renames.erase(entry.key);
    }
  }
}

std::optional<std::string> read_metric(const Value& value) {
  auto metric = read_text(value);
  if (!metric || std::ranges::count(waivable_metrics, *metric) > 0) return metric;
  if (std::ranges::count(failures, *metric) > 0)
    return value.fail(fmt::format("'{}' cannot be waived: what was not measured never passes", *metric)),
           std::nullopt;
  auto hint = did_you_mean(*metric, {waivable_metrics.begin(), waivable_metrics.end()});
  if (hint.empty()) hint = fmt::format("; known are {}", fmt::join(waivable_metrics, ", "));
  return value.fail(fmt::format("'{}' is unknown{}", sanitize(*metric, quote_length), hint)), std::nullopt;
}

void read_waived_scenario(const Value& value, Waiver& waiver) {
  waiver.scenario_place = place_of(value);
  read_into<read_text, &Waiver::scenario>(value, waiver);
}

void read_waived_until(const Value& value, Waiver& waiver) {
  waiver.until_place = place_of(value);
  read_into<read_date, &Waiver::until>(value, waiver);
}

void read_waivers(const Value& value, Config& config) {
  const auto* array = value.node->as_array();
  if (array == nullptr) return value.fail_key("waiver must be an array of tables: write [[waiver]]");
  for (const auto& node : *array) {
    const Value waiver{value.key, &node, value.key_position, value.problems};
    if (const auto* table = waiver.as_table()) config.waivers.push_back(read_waiver(waiver, *table));
  }
}

}  // namespace soak::config
