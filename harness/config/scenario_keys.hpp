// The keys of [scenario."..."] and of the checkpoints in it: what each is called, how its value is read, where it
// goes, and which of them make a scenario a program of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "config/keys.hpp"
#include "config/values.hpp"

namespace soak::config {

/// The same for what a scenario's table keeps under `settings`.
template <auto reader, auto field>
inline constexpr Access<Config::ScenarioTable> into_settings{
    [](const Value& value, Config::ScenarioTable& table) { read_into<reader, field>(value, table.settings); },
    [](const Config::ScenarioTable& table) { return into<reader, field>.is_said(table.settings); },
    [](const Config::ScenarioTable& from, Config::ScenarioTable& table) {
      into<reader, field>.take(from.settings, table.settings);
    }};

/// [scenario."...".checkpoints], for every checkpoint.
inline constexpr Key<CheckpointLimits> checkpoint_keys[] = {
    {"rss_growth", into<read_bytes, &CheckpointLimits::rss_growth_bytes>},
    {"vms_growth", into<read_bytes, &CheckpointLimits::vms_growth_bytes>},
    {"heap_growth", into<read_bytes, &CheckpointLimits::heap_growth_bytes>},
    {"open_files_growth", into<read_count, &CheckpointLimits::open_files_growth>},
    {"threads_growth", into<read_count, &CheckpointLimits::threads_growth>},
    {"children_growth", into<read_count, &CheckpointLimits::children_growth>},
};

[[nodiscard]] std::optional<std::vector<CheckpointLimits>> read_checkpoints(const Value& value);

// What makes a scenario a program of its own; the last one is a count for benchmarks, a list for programs.
void read_command(const Value& value, Config::ScenarioTable& table);
void read_program_duration(const Value& value, Config::ScenarioTable& table);
void read_ready(const Value& value, Config::ScenarioTable& table);
void read_drive(const Value& value, Config::ScenarioTable& table);
void read_stop(const Value& value, Config::ScenarioTable& table);
void read_max_driver_failures(const Value& value, Config::ScenarioTable& table);
void read_iterations(const Value& value, Config::ScenarioTable& table);
/// What the keys of a program come to together. `scenario` is its table.
void check_program(const Value& scenario, Config::ScenarioTable& table);

/// A program is of one piece: of two tables that have one, one has all of it.
template <void (*reader)(const Value&, Config::ScenarioTable&)>
inline constexpr Access<Config::ScenarioTable> part_of_program{
    reader, [](const Config::ScenarioTable& table) { return table.settings.program.has_value(); },
    [](const Config::ScenarioTable& from, Config::ScenarioTable& table) {
      table.settings.program = from.settings.program;
    }};

/// [scenario."..."], beside the thresholds.
inline constexpr Key<Config::ScenarioTable> scenario_keys[] = {
    {"timeout", into<read_duration, &Config::ScenarioTable::timeout>},
    {"env", into_settings<read_environment, &ScenarioSettings::env>},
    {"iterations",
     {read_iterations, [](const Config::ScenarioTable& table) { return table.settings.iterations.has_value(); },
      [](const Config::ScenarioTable& from, Config::ScenarioTable& table) {
        table.settings.iterations = from.settings.iterations;
      }}},
    {"fixed", into_settings<read_flag, &ScenarioSettings::is_fixed>},
    {"warm_up", into_settings<read_count, &ScenarioSettings::warm_up>},
    {"confirm_budget", into_settings<read_duration, &ScenarioSettings::confirm_budget>},
    {"memory_limit", into_settings<read_positive_bytes, &ScenarioSettings::memory_limit_bytes>},
    {"tags", into_settings<read_names, &ScenarioSettings::tags>},
    {"expected_growth", into_settings<read_positive_bytes, &ScenarioSettings::expected_growth_bytes>},
    {"checkpoints", into_settings<read_checkpoints, &ScenarioSettings::checkpoints>},
    {"command", part_of_program<read_command>},
    {"for", part_of_program<read_program_duration>},
    {"ready", part_of_program<read_ready>},
    {"drive", part_of_program<read_drive>},
    {"stop", part_of_program<read_stop>},
    {"max_driver_failures", part_of_program<read_max_driver_failures>},
};

}  // namespace soak::config
