#include "run/program/program_run.hpp"

#include <fmt/format.h>

#include "process/event_loop.hpp"
#include "region/region_reader.hpp"
#include "run/program/measured_program.hpp"
#include "run/program/samples.hpp"

namespace soak::run {
using Clock = Samples::Clock;
namespace {

using record::Checkpoint;
using record::CheckpointKind;
using record::Measured;

constexpr std::chrono::milliseconds step_time{20};

std::int64_t whole_seconds(double seconds) { return static_cast<std::int64_t>(seconds); }

// A program that ends by itself.

/// Checkpoints that it took in a loop of its own.
void take_loop(region::RegionContents& region, ProgramOutcome& outcome) {
  outcome.measured = Measured::in_loop;
  auto& repetition = outcome.repetition;
  repetition.checkpoints = std::move(region.checkpoints);
  repetition.checkpoints_dropped = region.checkpoints_dropped;
  for (auto last = repetition.checkpoints.rbegin(); last != repetition.checkpoints.rend(); ++last) {
    if (last->kind == CheckpointKind::labelled) continue;
    if (last->kind == CheckpointKind::interval) last->kind = CheckpointKind::final;
    repetition.iterations = last->iteration;
    if (last->iteration > 0)
      repetition.iteration_time_ns = 1e9 * last->elapsed_seconds / static_cast<double>(last->iteration);
    break;
  }
}

/// What the probe saw when main began and when it ended; or in its loop, where it says where that is.
void take_ends(const ProgramPlan& plan, MeasuredProgram& program, const std::optional<Checkpoint>& last_sample) {
  auto region = region::read_region(plan.region);
  if (region && region->checkpoints.size() > 1) return take_loop(*region, program.outcome());
  program.outcome().sites = sites_at_ends(plan.region, plan.length.value_or(1));
  auto& repetition = program.repetition();
  const SeenOutside outside{last_sample, program.process().max_rss_bytes(), program.process().wall_seconds()};
  repetition.checkpoints = ends_of(region, outside, plan.length.value_or(1));
  repetition.iterations = plan.length;
}

void run_to_its_end(const ProgramPlan& plan, MeasuredProgram& program) {
  program.outcome().measured = Measured::at_end;
  std::optional<Checkpoint> last;
  while (!program.has_ended()) {
    // Not by sample(): call sites are read from what the program leaves.
    if (auto sample = program.sampler().take(0)) last = std::move(sample);
    if (program.loop().step(step_time)) continue;
    program.report_early_end();
    break;
  }
  if (program.is_fine()) program.report_own_end();
  take_ends(plan, program, last);
}

// A service that is driven.

bool drive_once(const ProgramPlan& plan, MeasuredProgram& program, std::int64_t iteration) {
  auto values = program.values();
  values["iteration"] = std::to_string(iteration);
  const auto driver = program.driver().start(config::filled_in(plan.program.drive, values));
  while (driver && !driver->has_ended() && !program.has_ended())
    if (!program.loop().step(step_time)) {
      program.report_early_end();
      return false;
    }
  if (!driver)
    program.fail("its driver could not be started: " + program.driver().start_error());
  else if (program.has_ended())
    program.report_gone(fmt::format("in iteration {}", iteration));
  else if (!program.driver().accept(*driver, iteration))
    program.fail(fmt::format("its driver {} (max_driver_failures {}); it printed: {}", program.driver().failures(),
                             plan.program.max_driver_failures, program.driver().printed()));
  return program.is_fine();
}

void keep_driven(const ProgramPlan& plan, std::vector<Checkpoint> checkpoints, std::int64_t done,
                 record::Repetition& repetition) {
  repetition.iterations = done;
  if (checkpoints.empty()) return;
  for (auto& checkpoint : checkpoints) checkpoint.kind = CheckpointKind::interval;
  if (done == plan.length) checkpoints.back().kind = CheckpointKind::final;
  checkpoints.front().kind = CheckpointKind::baseline;
  if (done > 0) repetition.iteration_time_ns = 1e9 * checkpoints.back().elapsed_seconds / static_cast<double>(done);
  repetition.checkpoints = std::move(checkpoints);
}

/// Checkpoints lie between drives, once the service is at rest.
void drive_by_iterations(const ProgramPlan& plan, MeasuredProgram& program) {
  program.outcome().measured = Measured::in_loop;
  std::vector<Checkpoint> checkpoints;
  const auto add = [&](std::int64_t iteration) {
    program.settle();
    if (auto sample = program.sample(iteration)) checkpoints.push_back(*std::move(sample));
  };
  program.sampler().begin();
  add(0);
  const auto places = checkpoint_iterations(*plan.length, plan.checkpoint_count);
  auto due = places.begin();
  std::int64_t done = 0;
  while (done < *plan.length && drive_once(plan, program, done + 1))
    if (++done == *due) {
      add(done);
      ++due;
    }
  keep_driven(plan, std::move(checkpoints), done, program.repetition());
}

// A program that is watched over time, with one long driver or none.

class Watch {
 public:
  Watch(const ProgramPlan& plan, MeasuredProgram& program)
      : plan_(plan), program_(program), samples_(plan.checkpoint_count) {}

  void run() {
    program_.outcome().measured = Measured::over_time;
    program_.sampler().begin();
    const auto end = plan_.program.duration ? Clock::now() + *plan_.program.duration : Clock::time_point::max();
    while (Clock::now() < end && keep_driving() && go_on()) {
    }
    driver_.reset();  // ends it
    if (program_.is_fine()) program_.settle();
    add_sample();
    auto& repetition = program_.repetition();
    repetition.checkpoints = samples_.checkpoints();
    repetition.iterations = whole_seconds(program_.sampler().elapsed_seconds());
    if (!program_.is_fine() && !samples_.empty()) repetition.checkpoints.back().kind = CheckpointKind::interval;
  }

 private:
  /// False where its driver is done for good, or failed.
  bool keep_driving() {
    if (plan_.program.drive.empty()) return true;
    if (driver_ && !driver_->has_ended()) return true;
    if (driver_ && !program_.driver().accept(*driver_, 0)) {
      program_.fail(fmt::format("its driver {} (max_driver_failures {}); it printed: {}",
                                program_.driver().failures(), plan_.program.max_driver_failures,
                                program_.driver().printed()));
      return false;
    }
    if (driver_ && !plan_.program.duration) return false;
    driver_ = program_.driver().start(config::filled_in(plan_.program.drive, program_.values()));
    if (!driver_) program_.fail("its driver could not be started: " + program_.driver().start_error());
    return driver_ != nullptr;
  }

  bool go_on() {
    if (samples_.is_due(Clock::now())) add_sample();
    if (!program_.loop().step(step_time))
      program_.report_early_end();
    else if (program_.has_ended())
      program_.report_gone(fmt::format("after {:.1f} s", program_.sampler().elapsed_seconds()));
    return program_.is_fine();
  }

  void add_sample() {
    program_.collect_garbage();
    if (auto sample = program_.sample(whole_seconds(program_.sampler().elapsed_seconds())))
      samples_.add(*std::move(sample), Clock::now());
  }

  const ProgramPlan& plan_;
  MeasuredProgram& program_;
  Samples samples_;
  std::unique_ptr<process::Supervised> driver_;
};

}  // namespace

ProgramOutcome run_program(const ProgramPlan& plan, const std::function<void(double)>& tick) {
  MeasuredProgram program(plan, tick);
  if (program.start()) {
    if (!plan.program.runs_on())
      run_to_its_end(plan, program);
    else if (program.wait_until_ready())
      plan.program.is_driven_by_iterations() ? drive_by_iterations(plan, program) : Watch(plan, program).run();
  }
  return program.finish();
}

ProgramOutcome watch_process(pid_t pid, std::chrono::milliseconds duration, int checkpoint_count,
                             process::Interrupts* interrupts, const std::function<void(double)>& tick) {
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
