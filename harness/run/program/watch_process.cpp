// soak watch: a process that is not ours.
#include <fmt/format.h>

#include "process/event_loop.hpp"
#include "run/program/checkpoint_times.hpp"
#include "run/program/program_run.hpp"
#include "run/program/sampler.hpp"

namespace soak::run {

ProgramOutcome watch_process(pid_t pid, std::chrono::milliseconds duration, int checkpoint_count,
                             process::Interrupts* interrupts, const std::function<void(double)>& tick) {
  using Clock = Samples::Clock;
  ProgramOutcome outcome;
  outcome.measured = record::Measured::over_time;
  auto& repetition = outcome.repetition;
  repetition.heap_unavailable = "it ran before soak did, so the probe could not be loaded into it";
  process::EventLoop loop(duration + std::chrono::hours(1), interrupts, tick);
  Sampler sampler(pid, {});
  Samples samples(checkpoint_count);
  const auto end = Clock::now() + duration;
  bool is_there = true;
  do {
    const auto now = Clock::now();
    if (samples.is_due(now) || now >= end) {
      auto sample = sampler.take(static_cast<std::int64_t>(sampler.elapsed_seconds()));
      is_there = sample.has_value();
      if (sample) samples.add(*std::move(sample), now);
    }
    if (now >= end) break;
  } while (is_there && loop.step(std::chrono::milliseconds(20)));

  repetition.checkpoints = samples.checkpoints();
  repetition.processes = sampler.processes();
  repetition.wall_seconds = sampler.elapsed_seconds();
  repetition.iterations = static_cast<std::int64_t>(sampler.elapsed_seconds());
  repetition.ending = record::Ending::finished;
  // Ctrl-C is how a watch without an end is ended; what was seen until then is judged.
  if (!is_there)
    outcome.notes.push_back(fmt::format("process {} ended after {:.1f} s", pid, sampler.elapsed_seconds()));
  return outcome;
}

}  // namespace soak::run
