// The keys of benchmarks.toml: what each is called, how its value is read, where it goes. Those of scenarios are in
// scenario_keys.hpp.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "config/values.hpp"

namespace soak::config {

/// How a key reaches what it sets.
template <typename Target>
struct Access {
  void (*read)(const Value& value, Target& target);
  /// Whether the table sets this key. Null, like the next, for keys that never override anything.
  bool (*is_said)(const Target& table) = nullptr;
  /// Takes over the value that `from` has for this key.
  void (*take)(const Target& from, Target& target) = nullptr;
};

template <typename Target>
struct Key {
  std::string_view name;
  Access<Target> access;
};

template <typename Value>
bool says_something(const std::optional<Value>& value) {
  return value.has_value();
}
template <typename Container>
requires requires(const Container& container) { container.empty(); }
bool says_something(const Container& container) { return !container.empty(); }
inline bool says_something(bool flag) { return flag; }

template <typename Class, typename Member>
Class class_of(Member Class::*);

/// Reads with `reader` into `field`, which keeps its value if the new one is wrong.
template <auto reader, auto field, typename Target>
void read_into(const Value& value, Target& target) {
  if (auto read = reader(value)) target.*field = *std::move(read);
}

/// Access to a field; one that can be empty says something if it is not.
template <auto reader, auto field, typename Target = decltype(class_of(field))>
inline constexpr auto into = [] {
  Access<Target> access{read_into<reader, field, Target>};
  if constexpr (requires(const Target& table) { says_something(table.*field); }) {
    access.is_said = [](const Target& table) { return says_something(table.*field); };
    access.take = [](const Target& from, Target& target) { target.*field = from.*field; };
  }
  return access;
}();

/// [run]
inline constexpr Key<Config> run_keys[] = {
    {"binaries", into<read_paths, &Config::binaries>},
    {"results", into<read_path, &Config::results>},
    {"timeout", into<read_duration, &Config::timeout>},
    {"checkpoint_count", into<read_checkpoint_count, &Config::checkpoint_count>},
};

/// [thresholds] and [scenario."..."]
inline constexpr Key<Limits> threshold_keys[] = {
    {"final_growth", into<read_bytes, &Limits::final_growth_bytes>},
    {"peak_growth", into<read_bytes, &Limits::peak_growth_bytes>},
    {"peak_rss", into<read_positive_bytes, &Limits::peak_rss_bytes>},
    {"vms_growth", into<read_bytes, &Limits::vms_growth_bytes>},
    {"heap_growth_per_iteration", into<read_bytes_per_iteration, &Limits::heap_growth_bytes_per_iteration>},
    {"open_files_growth", into<read_count, &Limits::open_files_growth>},
    {"threads_growth", into<read_count, &Limits::threads_growth>},
    {"children_growth", into<read_count, &Limits::children_growth>},
    {"objects_growth", into<read_count, &Limits::objects_growth>},
};

/// [report]
inline constexpr Key<Config> report_keys[] = {
    {"formats", into<read_report_formats, &Config::report_formats>},
};

/// [severity], ascending.
inline constexpr Key<SeverityScale> severity_keys[] = {
    {"low", into<read_positive_bytes, &SeverityScale::low_bytes>},
    {"medium", into<read_positive_bytes, &SeverityScale::medium_bytes>},
    {"high", into<read_positive_bytes, &SeverityScale::high_bytes>},
    {"critical", into<read_positive_bytes, &SeverityScale::critical_bytes>},
};

[[nodiscard]] std::optional<std::string> read_metric(const Value& value);
void read_waived_scenario(const Value& value, Waiver& waiver);
void read_waived_until(const Value& value, Waiver& waiver);

/// [[waiver]]; all but one of `metric` and `site` must be there.
inline constexpr Key<Waiver> waiver_keys[] = {
    {"scenario", {read_waived_scenario}},
    {"metric", {read_into<read_metric, &Waiver::metric, Waiver>}},
    {"site", {read_into<read_text, &Waiver::site, Waiver>}},
    {"reason", {read_into<read_text, &Waiver::reason, Waiver>}},
    {"until", {read_waived_until}},
};

void read_store(const Value& value, Config& config);

/// [history]
inline constexpr Key<Config> history_keys[] = {
    {"store", {read_store}},
};

void check_schema(const Value& value, Config& config);
void read_run(const Value& value, Config& config);
void read_thresholds(const Value& value, Config& config);
void read_severity(const Value& value, Config& config);
void read_report(const Value& value, Config& config);
void read_scenarios(const Value& value, Config& config);
void read_history(const Value& value, Config& config);
void read_compare(const Value& value, Config& config);
void read_rename(const Value& value, Config& config);

void read_waivers(const Value& value, Config& config);

/// The file itself.
inline constexpr Key<Config> file_keys[] = {
    {"schema", {check_schema}},    {"run", {read_run}},         {"thresholds", {read_thresholds}},
    {"severity", {read_severity}}, {"report", {read_report}},   {"scenario", {read_scenarios}},
    {"waiver", {read_waivers}},    {"history", {read_history}}, {"compare", {read_compare}},
    {"rename", {read_rename}},
};

/// The keys of [compare]: all metrics.
[[nodiscard]] std::vector<std::string> metric_names();

/// The names in a table of keys.
template <typename Target, std::size_t size>
[[nodiscard]] std::vector<std::string> names_of(const Key<Target> (&keys)[size]) {
  std::vector<std::string> names;
  for (const auto& key : keys) names.emplace_back(key.name);
  return names;
}

/// Reads the value if its key is one of `keys`; otherwise returns false.
template <typename Target, std::size_t size>
[[nodiscard]] bool read_if_known(const Key<Target> (&keys)[size], const Value& value, Target& target) {
  for (const auto& key : keys) {
    if (key.name != value.key) continue;
    key.access.read(value, target);
    return true;
  }
  return false;
}

/// A table of the file and the keys it takes.
struct TableKeys {
  std::string table;  ///< As its header, `[run]`; empty: the file itself.
  std::vector<std::string> keys;
};
/// All tables and keys, so that a test can compare them with the reference.
[[nodiscard]] const std::vector<TableKeys>& all_keys();

/// Notes an unknown key with the nearest of `known`, or with the table it belongs in. `table` is its name in
/// messages.
void fail_unknown_key(const Value& value, std::string_view table, const std::vector<std::string>& known);

}  // namespace soak::config
