// [[waiver]]: what is known to grow, and accepted until a day.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/spelling.hpp"
#include "base/text.hpp"
#include "config/keys.hpp"

namespace soak::config {
namespace {

// Not crash, timeout and missing: what was not measured never passes, whatever a file says.
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
