// What a record holds, by the names it has in run.json, in counters, in gates, in history and on the command line:
// enumerators, the readings of a checkpoint, and the metrics that sum up a scenario.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "record/record.hpp"

namespace soak::record {

inline constexpr std::array checkpoint_kinds{
    std::pair{CheckpointKind::baseline, std::string_view("baseline")},
    std::pair{CheckpointKind::interval, std::string_view("interval")},
    std::pair{CheckpointKind::labelled, std::string_view("labelled")},
    std::pair{CheckpointKind::final, std::string_view("final")},
};

inline constexpr std::array measured_ways{
    std::pair{Measured::in_loop, std::string_view("in_loop")},
    std::pair{Measured::at_end, std::string_view("at_end")},
    std::pair{Measured::over_time, std::string_view("over_time")},
};

inline constexpr std::array endings{
    std::pair{Ending::planned, std::string_view("planned")},
    std::pair{Ending::running, std::string_view("running")},
    std::pair{Ending::finished, std::string_view("finished")},
    std::pair{Ending::failed, std::string_view("failed")},
    std::pair{Ending::crashed, std::string_view("crashed")},
    std::pair{Ending::timed_out, std::string_view("timed_out")},
    std::pair{Ending::interrupted, std::string_view("interrupted")},
};

inline constexpr std::array site_kinds{
    std::pair{SiteKind::heap, std::string_view("heap")},
    std::pair{SiteKind::descriptor, std::string_view("descriptor")},
    std::pair{SiteKind::thread, std::string_view("thread")},
    std::pair{SiteKind::mapping, std::string_view("mapping")},
    std::pair{SiteKind::child, std::string_view("child")},
};

inline constexpr std::array type_sources{
    std::pair{TypeSource::vtable, std::string_view("vtable")},
    std::pair{TypeSource::frames, std::string_view("frames")},
    std::pair{TypeSource::counted, std::string_view("counted")},
};

template <typename Table, typename Enum>
constexpr std::string_view spelling_of(const Table& table, Enum wanted) {
  for (const auto& [value, name] : table)
    if (value == wanted) return name;
  return {};
}

/// A reading of a checkpoint; in counters "cp00." stands before the name.
struct CheckpointField {
  std::string_view name;
  std::optional<std::int64_t> Checkpoint::*member;
};

inline constexpr std::array checkpoint_fields{
    CheckpointField{"rss_bytes", &Checkpoint::rss_bytes},
    CheckpointField{"vms_bytes", &Checkpoint::vms_bytes},
    CheckpointField{"peak_rss_bytes", &Checkpoint::peak_rss_bytes},
    CheckpointField{"pss_bytes", &Checkpoint::pss_bytes},
    CheckpointField{"uss_bytes", &Checkpoint::uss_bytes},
    CheckpointField{"heap_bytes", &Checkpoint::heap_bytes},
    CheckpointField{"heap_blocks", &Checkpoint::heap_blocks},
    CheckpointField{"heap_peak_bytes", &Checkpoint::heap_peak_bytes},
    CheckpointField{"allocations", &Checkpoint::allocations},
    CheckpointField{"frees", &Checkpoint::frees},
    CheckpointField{"open_files", &Checkpoint::open_files},
    CheckpointField{"open_regular_files", &Checkpoint::open_regular_files},
    CheckpointField{"open_sockets", &Checkpoint::open_sockets},
    CheckpointField{"open_pipes", &Checkpoint::open_pipes},
    CheckpointField{"open_others", &Checkpoint::open_others},
    CheckpointField{"threads", &Checkpoint::threads},
    CheckpointField{"joinable_threads", &Checkpoint::joinable_threads},
    CheckpointField{"children", &Checkpoint::children},
    CheckpointField{"zombies", &Checkpoint::zombies},
};

enum class Unit { nanoseconds, bytes, bytes_per_iteration, count, count_per_iteration };

/// The greater, the worse, for all of them.
struct Metric {
  std::string_view name;
  Unit unit;
  bool is_exact;  ///< Counted, so that one run decides; otherwise measured, with noise.
};

inline constexpr std::array metrics{
    Metric{"allocations_per_iteration", Unit::count_per_iteration, true},
    Metric{"heap_growth_bytes_per_iteration", Unit::bytes_per_iteration, true},  ///< After warm-up, as judged.
    Metric{"heap_growth_bytes", Unit::bytes, true},  ///< Final checkpoint against baseline.
    Metric{"heap_growth_blocks", Unit::count, true},
    Metric{"heap_peak_bytes", Unit::bytes, true},  ///< Above the baseline.
    Metric{"open_files_growth", Unit::count, true},
    Metric{"threads_growth", Unit::count, true},
    Metric{"children_growth", Unit::count, true},
    Metric{"iteration_time_ns", Unit::nanoseconds, false},
    Metric{"rss_growth_bytes", Unit::bytes, false},
    Metric{"rss_peak_bytes", Unit::bytes, false},  ///< Above the baseline.
};

/// Null if there is none of this name.
[[nodiscard]] constexpr const Metric* metric_named(std::string_view name) {
  const auto* const found = std::ranges::find(metrics, name, &Metric::name);
  return found == metrics.end() ? nullptr : found;
}

}  // namespace soak::record
