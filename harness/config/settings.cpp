// What holds for a scenario: the tables that match it, over [thresholds], over what is built in.
#include <algorithm>

#include "base/glob.hpp"
#include "config/config.hpp"
#include "config/keys.hpp"

namespace soak::config {
namespace {

constexpr std::int64_t mebibyte = std::int64_t{1} << 20;

template <typename Value>
std::optional<Value> either(const std::optional<Value>& own, const std::optional<Value>& fallback) {
  return own ? own : fallback;
}

template <typename Target, std::size_t size>
constexpr bool can_be_overridden(const Key<Target> (&keys)[size]) {
  return std::ranges::all_of(keys, [](const Key<Target>& key) { return key.access.take != nullptr; });
}
#ifndef __SANITIZE_ADDRESS__  // with which g++ takes no comparison of a function with null for a constant
static_assert(can_be_overridden(threshold_keys) && can_be_overridden(scenario_keys));
#endif

/// Key by key, the later table of two wins.
Config::ScenarioTable merged(const std::vector<const Config::ScenarioTable*>& tables) {
  Config::ScenarioTable whole;
  for (const auto* table : tables) {
    for (const auto& key : threshold_keys)
      if (key.access.is_said(table->settings.limits)) key.access.take(table->settings.limits, whole.settings.limits);
    for (const auto& key : scenario_keys)
      if (key.access.is_said(*table)) key.access.take(*table, whole);
  }
  return whole;
}

/// Those that match, the most specific one last.
std::vector<const Config::ScenarioTable*> tables_for(const std::string& identity,
                                                     const std::map<std::string, Config::ScenarioTable>& tables) {
  std::vector<std::pair<Glob, const Config::ScenarioTable*>> matching;
  for (const auto& [name, table] : tables)
    if (Glob glob(name); glob.matches(identity)) matching.emplace_back(std::move(glob), &table);
  std::ranges::stable_sort(matching, [](const auto& a, const auto& b) { return a.first.stands_before(b.first); });
  std::vector<const Config::ScenarioTable*> ordered;
  for (const auto& [glob, table] : matching) ordered.push_back(table);
  return ordered;
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
  const auto own = merged(tables_for(identity, tables));
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
