// The figures that sum up a scenario, by their names: those of the counters, in gates, in history and on the command
// line alike.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace soak::record {

enum class Unit { nanoseconds, bytes, bytes_per_iteration, count, count_per_iteration };

/// The greater, the worse, all of them.
struct Metric {
  std::string_view name;
  Unit unit;
  bool is_exact;  ///< Counted, so that one run tells; else measured, with noise.
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

/// Null where there is none of this name.
[[nodiscard]] constexpr const Metric* metric_named(std::string_view name) {
  const auto* const found = std::ranges::find(metrics, name, &Metric::name);
  return found == metrics.end() ? nullptr : found;
}

}  // namespace soak::record
