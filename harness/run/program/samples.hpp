// What is known of a program that takes no readings of its own.
//
// While it runs it is sampled from outside: its process tree through /proc, its heap and call sites through the
// probe's region. Samples whose number nobody knows beforehand are thinned out. Of a program that was not sampled
// there are two readings, when its main started and when it ended.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "record/record.hpp"
#include "region/region_reader.hpp"
#include "region/region_sites.hpp"

namespace soak::run {

/// After which of `iterations` a checkpoint is due, ascending, the last one always: `count` of them, or each where
/// there are fewer. One a cell of equal width, at a place of its own in it, so that periodic work cannot alias; a
/// function of the two numbers alone.
[[nodiscard]] std::vector<std::int64_t> checkpoint_iterations(std::int64_t iterations, int count);

/// Samples of a run whose length nobody knows. When twice as many as are wanted are there, every other one is dropped
/// and they are taken half as often.
class Samples {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Samples(int wanted);
  [[nodiscard]] bool is_due(Clock::time_point now) const { return now >= next_; }
  void add(record::Checkpoint sample, Clock::time_point now);
  /// Baseline first; the last one is the final one.
  [[nodiscard]] std::vector<record::Checkpoint> checkpoints() const;
  [[nodiscard]] bool empty() const { return samples_.empty(); }

 private:
  std::size_t most_;
  std::vector<record::Checkpoint> samples_;
  std::chrono::milliseconds interval_{100};
  Clock::time_point next_{};
  std::uint64_t jitter_ = 0;
};

/// Asks, where the process catches the signal that is agreed upon (python/sitecustomize.py); others are left alone.
/// It may take the process a moment to come to it.
void ask_for_garbage_collection(pid_t pid);

/// One look at a program from outside: its process tree through /proc, its exact heap through the probe's region.
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

/// Call sites of a running program: what each held at the moments when it was looked at.
class SiteSamples {
 public:
  explicit SiteSamples(std::filesystem::path region) : region_(std::move(region)) {}

  /// Reads the region of the running program.
  void take(std::int64_t iteration);
  /// As of the last sample, with a point in its history for each. Empty where there never were any sites.
  [[nodiscard]] std::optional<region::RegionSites> sites() const;

 private:
  using Key = std::vector<std::uint64_t>;  ///< The frames of a site tell it from all others of its kind.
  static Key key_of(const region::RegionSite& site);

  std::filesystem::path region_;
  std::vector<std::int64_t> iterations_;
  std::map<Key, std::map<std::int64_t, region::SitePoint>> points_;
  std::optional<region::RegionSites> last_;
};

/// Of a program that ended: what each site held when main began, at iteration 0, and when it ended.
[[nodiscard]] std::optional<region::RegionSites> sites_at_ends(const std::filesystem::path& region,
                                                               std::int64_t iterations);

/// What was seen of a program from outside.
struct SeenOutside {
  std::optional<record::Checkpoint> last_sample;
  std::optional<std::int64_t> max_rss_bytes;  ///< See record::Repetition.
  double wall_seconds = 0;                    ///< From its start to its end.
};

/// Baseline at 0 and final at `iterations`. What the region does not know of the end is taken from outside: a sample
/// of the second half of its life stands for its end, an earlier one for nothing; its peak is the kernel's.
[[nodiscard]] std::vector<record::Checkpoint> ends_of(const std::optional<region::RegionContents>& region,
                                                      const SeenOutside& outside, std::int64_t iterations);

}  // namespace soak::run
