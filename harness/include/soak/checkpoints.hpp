// The loop of a scenario: a Google Benchmark loop that records memory at checkpoints.
//
//   for (auto _ : soak::checkpoints(state)) recover(failing_operation);
//
// The first checkpoint, the baseline, is taken before the first iteration and the last one after the last iteration,
// with timing paused; the others are spread over the run, jittered so that work which repeats at round intervals
// cannot hide between them. With threads, thread 0 measures, once all have arrived.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string_view>

namespace soak {

class CheckpointedLoop {
 public:
  class Iterator;

  explicit CheckpointedLoop(benchmark::State& state);
  /// Leaving the loop early, by break or exception, still lets the other threads go on.
  ~CheckpointedLoop();
  CheckpointedLoop(const CheckpointedLoop&) = delete;
  CheckpointedLoop& operator=(const CheckpointedLoop&) = delete;

  Iterator begin();
  Iterator end();

  /// By this thread, so far; exact inside the loop's body as well.
  [[nodiscard]] std::int64_t iterations_done() const noexcept { return reached_ + (step_ - iterations_to_next_); }

 private:
  /// Called when the countdown to the next checkpoint is over: before the first iteration, between, after the last.
  void reach_checkpoint();
  void plan_next_checkpoint();
  /// The loop is over: what was recorded becomes counters of the benchmark's row.
  void finish();

  benchmark::State& state_;
  std::int64_t reached_ = 0;             ///< Iterations done at the last checkpoint.
  std::int64_t step_ = 0;                ///< From there to the next one.
  std::int64_t iterations_to_next_ = 0;  ///< Counts down from step_; see Iterator.
  int next_index_ = 0;                   ///< In the plan of checkpoints.
  int rendezvous_left_ = 2;              ///< Meetings of all threads still to come: baseline and end.
};

/// Wraps Google Benchmark's own iterator: its loop, its timing, its barriers.
class CheckpointedLoop::Iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using difference_type = std::ptrdiff_t;
  struct [[maybe_unused]] Value {};
  using value_type = Value;
  using pointer = Value*;
  using reference = Value;

  Iterator(CheckpointedLoop& loop, decltype(std::declval<benchmark::State&>().begin()) inner)
      : loop_(&loop), inner_(inner) {}

  BENCHMARK_ALWAYS_INLINE Value operator*() const { return {}; }
  BENCHMARK_ALWAYS_INLINE Iterator& operator++() {
    ++inner_;
    --loop_->iterations_to_next_;
    return *this;
  }
  BENCHMARK_ALWAYS_INLINE bool operator!=(const Iterator& end) const {
    if (loop_->iterations_to_next_ == 0) [[unlikely]]
      loop_->reach_checkpoint();
    if (inner_ != end.inner_) [[likely]]
      return true;
    loop_->finish();
    return false;
  }

 private:
  CheckpointedLoop* loop_;
  decltype(std::declval<benchmark::State&>().begin()) inner_;
};

inline CheckpointedLoop::Iterator CheckpointedLoop::begin() { return {*this, state_.begin()}; }
// Google Benchmark starts its threads and its timer in State::end().
inline CheckpointedLoop::Iterator CheckpointedLoop::end() { return {*this, state_.end()}; }

/// The loop of a scenario; use it once a run, in the range of a for statement.
[[nodiscard]] inline CheckpointedLoop checkpoints(benchmark::State& state) { return CheckpointedLoop(state); }

/// Records a checkpoint of its own inside or after the loop, timing paused while it is taken; thread 0 only, the
/// others pass. `label` is for people and is matched by benchmarks.toml; counters use it as a slug of [a-z0-9_]. The
/// first 256 of a run are kept, the rest counted.
void checkpoint(benchmark::State& state, std::string_view label);

}  // namespace soak
