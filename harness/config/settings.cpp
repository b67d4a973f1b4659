// What holds for a scenario: its own table, over [thresholds], over what is built in.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "config/config.hpp"
#include "config/printable.hpp"
#include "config/source_text.hpp"
#include "config/spelling.hpp"
#include "record/user_error.hpp"

namespace soak::config {
namespace {

constexpr std::int64_t mebibyte = std::int64_t{1} << 20;

template <typename Value>
std::optional<Value> either(const std::optional<Value>& own, const std::optional<Value>& fallback) {
  return own ? own : fallback;
}

using NamedTable = std::pair<const std::string, Config::ScenarioTable>;

/// The tables whose scenario is not known, in the order of the file.
std::vector<const NamedTable*> unmatched(const Config& config, const std::vector<std::string>& known) {
  std::vector<const NamedTable*> tables;
  for (const auto& table : config.tables)
    if (std::ranges::count(known, table.first) == 0) tables.push_back(&table);
  std::ranges::sort(tables, std::less{}, [](const NamedTable* table) {
    return std::make_tuple(table->second.place.line, table->second.place.column);
  });
  return tables;
}

std::string unknown_scenario(const std::string& name, const std::vector<std::string>& known) {
  const auto hint = did_you_mean(name, known);
  return fmt::format("unknown scenario '{}'{}", printable(name), hint.empty() ? "; `soak list` shows all" : hint);
}

}  // namespace

Limits Limits::merged_over(const Limits& defaults) const {
  return {
      .final_growth_bytes = either(final_growth_bytes, defaults.final_growth_bytes),
      .peak_growth_bytes = either(peak_growth_bytes, defaults.peak_growth_bytes),
      .peak_rss_bytes = either(peak_rss_bytes, defaults.peak_rss_bytes),
      .vms_growth_bytes = either(vms_growth_bytes, defaults.vms_growth_bytes),
      .heap_growth_bytes_per_iteration =
          either(heap_growth_bytes_per_iteration, defaults.heap_growth_bytes_per_iteration),
      .open_files_growth = either(open_files_growth, defaults.open_files_growth),
      .threads_growth = either(threads_growth, defaults.threads_growth),
      .children_growth = either(children_growth, defaults.children_growth),
      .objects_growth = either(objects_growth, defaults.objects_growth),
  };
}

ScenarioSettings Config::settings_for(const std::string& identity) const {
  const auto found = tables.find(identity);
  const ScenarioTable own = found == tables.end() ? ScenarioTable{} : found->second;
  ScenarioSettings settings = own.settings;
  settings.limits = own.settings.limits.merged_over(defaults);
  settings.timeout = own.timeout.value_or(timeout);
  return settings;
}

std::string Config::newest_name(const std::string& identity) const {
  auto name = identity;
  for (auto next = renames.find(name); next != renames.end(); next = renames.find(name)) name = next->second;
  return name;
}

void Config::require_tables_match(const std::vector<std::string>& known) const {
  std::string text;
  for (const auto* table : unmatched(*this, known))
    text += (text.empty() ? "" : "\n") + located(file, table->second.place, unknown_scenario(table->first, known));
  if (!text.empty()) throw UserError(text);
}

Config default_config() {
  Config config;
  config.defaults = {
      .final_growth_bytes = 5 * mebibyte,
      .peak_growth_bytes = 50 * mebibyte,
      .peak_rss_bytes = {},
      .vms_growth_bytes = {},
      .heap_growth_bytes_per_iteration = 0.0,
      .open_files_growth = 0,
      .threads_growth = 0,
      .children_growth = 0,
      .objects_growth = 1000,
  };
  return config;
}

}  // namespace soak::config
