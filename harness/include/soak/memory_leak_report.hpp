// The difference of two snapshots, held against thresholds: the guidelines' report, for a test of one's own. The
// runner judges a whole series of checkpoints and is the better judge; see `soak run`.
#pragma once

#include <cstdint>
#include <soak/memory_snapshot.hpp>
#include <string>
#include <vector>

namespace soak {

/// Growth up to and including the threshold is accepted.
struct MemoryLeakThresholds {
  std::int64_t resident_growth_bytes = 5 << 20;
  std::int64_t peak_growth_bytes = 50 << 20;
  std::int64_t heap_growth_bytes = 64 << 10;  ///< Not judged where the heap was not counted.
  std::int64_t open_files_growth = 0;
  std::int64_t threads_growth = 0;
  std::int64_t children_growth = 0;
};

class MemoryLeakReport {
 public:
  struct Finding {
    std::string kind;  ///< final_growth, peak_growth, heap_growth, open_files, threads or children.
    std::int64_t value = 0;
    std::int64_t limit = 0;
    std::string message;  ///< A sentence with value and limit.
  };

  MemoryLeakReport(const MemorySnapshot& start, const MemorySnapshot& end,
                   const MemoryLeakThresholds& thresholds = {});

  [[nodiscard]] bool has_leak() const noexcept { return !findings_.empty(); }
  [[nodiscard]] const std::vector<Finding>& findings() const noexcept { return findings_; }
  /// One line a finding, or one that says nothing grew beyond its threshold.
  [[nodiscard]] std::string text() const;

 private:
  std::vector<Finding> findings_;
};

}  // namespace soak
