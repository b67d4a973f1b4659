// One look at a program from outside: its process tree through /proc, its exact heap through the probe's region.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <vector>

#include "record/record.hpp"

namespace soak::run {

class Sampler {
 public:
  /// `region` may be missing: then there is no heap figure.
  Sampler(pid_t root, std::filesystem::path region);

  /// The clock of elapsed_seconds and the peak begin again.
  void begin();
  /// `iteration` is what the caller says. Empty where the process is gone.
  [[nodiscard]] std::optional<record::Checkpoint> take(std::int64_t iteration);
  /// As of the last sample.
  [[nodiscard]] const std::vector<record::ProcessFigures>& processes() const { return processes_; }
  /// Of any sample, the most of them at a time.
  [[nodiscard]] std::int64_t most_children() const { return most_children_; }
  [[nodiscard]] std::int64_t rss_bytes() const { return rss_bytes_; }
  [[nodiscard]] double elapsed_seconds() const;
  /// Allocations and frees so far: while it grows, work goes on. Nothing without a region.
  [[nodiscard]] std::optional<std::int64_t> activity() const;

 private:
  using Clock = std::chrono::steady_clock;
  pid_t root_;
  std::filesystem::path region_;
  Clock::time_point began_ = Clock::now(), last_ = Clock::now();
  double last_cpu_seconds_ = 0;
  std::int64_t rss_bytes_ = 0, peak_rss_bytes_ = 0, most_children_ = 0;
  std::vector<record::ProcessFigures> processes_;
};

}  // namespace soak::run
