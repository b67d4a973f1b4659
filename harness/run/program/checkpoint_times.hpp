// Which samples of a program are kept.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "record/record.hpp"

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

}  // namespace soak::run
