// Memory at the points of a test, outside Google Benchmark: in GoogleTest, Catch2 or a plain main.
//
//   soak::MemoryProfiler profiler;
//   profiler.start_profiling();
//   for (int i = 0; i < 1000; ++i) recover(failing_operation);
//   profiler.measure("after 1000 recoveries");
//   assert(profiler.final_growth().resident_bytes < 5 << 20);
#pragma once

#include <cstdint>
#include <optional>
#include <soak/memory_snapshot.hpp>
#include <string>
#include <vector>

namespace soak {

/// Signed: negative where memory was given back.
struct MemoryGrowth {
  std::int64_t resident_bytes = 0;
  std::optional<std::int64_t> heap_bytes;   ///< Empty without the probe.
  std::optional<std::int64_t> heap_blocks;  ///< Empty without the probe.
  std::int64_t open_files = 0;
  std::int64_t threads = 0;
  std::int64_t children = 0;
};

[[nodiscard]] MemoryGrowth growth_between(const MemorySnapshot& earlier, const MemorySnapshot& later) noexcept;

/// One thread uses a profiler at a time. What the profiler itself allocates is set aside by start_profiling:
/// measure() allocates nothing for the first `expected_measurements` measurements with labels of up to 64 characters.
class MemoryProfiler {
 public:
  struct Measurement {
    std::string label;
    MemorySnapshot snapshot;
  };

  explicit MemoryProfiler(std::size_t expected_measurements = 64);

  /// Trims the heap, resets the peak and takes the baseline; forgets earlier measurements.
  const MemorySnapshot& start_profiling();

  /// Takes a measurement. Throws std::logic_error before start_profiling().
  const MemorySnapshot& measure(std::string_view label);

  /// Without the baseline, in the order they were taken.
  [[nodiscard]] const std::vector<Measurement>& measurements() const noexcept { return measurements_; }
  /// Throws std::logic_error before start_profiling().
  [[nodiscard]] const MemorySnapshot& baseline() const;

  /// From the baseline to the highest point: resident memory as the kernel saw it at any instant, the rest at
  /// measurements.
  [[nodiscard]] MemoryGrowth peak_growth() const;
  /// From the baseline to the last measurement; nothing grew where there is none.
  [[nodiscard]] MemoryGrowth final_growth() const;

 private:
  std::optional<MemorySnapshot> baseline_;
  std::vector<Measurement> measurements_;
  std::vector<std::string> spare_labels_;
  std::size_t expected_measurements_;
};

}  // namespace soak
