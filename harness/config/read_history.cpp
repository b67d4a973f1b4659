// [history], [compare] and [rename]: what holds between runs.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <variant>

#include "base/spelling.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "config/keys.hpp"
#include "record/record_names.hpp"

namespace soak::config {
namespace {

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

/// `text` is what stands behind the plus.
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

/// True where the newer names lead back to where they began.
bool is_circle(const std::map<std::string, std::string>& renames, const std::string& from) {
  std::set<std::string> seen{from};
  for (auto next = renames.find(from); next != renames.end(); next = renames.find(next->second))
    if (!seen.insert(next->second).second) return true;
  return false;
}

}  // namespace

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

}  // namespace soak::config
