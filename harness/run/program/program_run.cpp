#include "run/program/program_run.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>

#include "config/units.hpp"
#include "run/child_environment.hpp"
#include "run/leftovers.hpp"
#include "run/program/checkpoint_times.hpp"
#include "run/program/ends.hpp"
#include "run/program/event_loop.hpp"
#include "run/program/readiness.hpp"
#include "run/program/sampler.hpp"
#include "run/program/site_samples.hpp"
#include "run/program/supervised.hpp"
#include "run/region_reader.hpp"

namespace soak::run {
namespace {

using namespace std::chrono_literals;
using record::Checkpoint;
using record::Ending;
using record::Measured;
using record::Repetition;

constexpr auto longest_wait_for_ready = 30s;
constexpr auto grace_between_stop_and_kill = 5s;
constexpr auto longest_stop_command = 30s;
constexpr auto step_time = 20ms;
constexpr std::int64_t site_sample_stride = 8;

std::int64_t whole_seconds(double seconds) { return static_cast<std::int64_t>(seconds); }

std::string ended_how(const Supervised& process) {
  if (const auto signal = process.signal()) return fmt::format("died of signal {} ({})", *signal, strsignal(*signal));
  return fmt::format("ended with status {}", process.exit_status().value_or(0));
}

/// One run, from start to stop. Its parts in the order of their use.
class Run {
 public:
  Run(const ProgramPlan& plan, const std::function<void(double)>& tick)
      : plan_(plan), log_(plan.log), loop_(whole_timeout(plan), plan.interrupts, tick) {}

  ProgramOutcome run() {
    adopt_orphans();
    if (!prepare() || !start()) return finish();
    loop_.on_tick = [this] { watch_memory(); };
    if (!plan_.program.runs_on())
      wait_for_its_end();
    else if (wait_until_ready())
      plan_.program.is_driven_by_iterations() ? drive_by_iterations() : watch_over_time();
    return finish();
  }

 private:
  /// Time for the service to come up and to go down comes on top of the time that is asked for.
  static std::chrono::milliseconds whole_timeout(const ProgramPlan& plan) {
    return plan.program.duration ? *plan.program.duration + plan.timeout : plan.timeout;
  }

  void fail(std::string message) {
    if (!repetition().message.empty()) return;  // the first reason is the one that matters
    repetition().ending = Ending::failed;
    repetition().message = std::move(message);
  }
  Repetition& repetition() { return outcome_.repetition; }

  bool prepare() {
    repetition().ending = Ending::finished;
    values_["port"] = plan_.program.needs_port() ? std::to_string(free_port()) : "";
    values_["iterations"] = plan_.length ? std::to_string(*plan_.length) : "";
    const auto ready = plan_.program.ready == "tcp" ? "tcp:{port}" : plan_.program.ready;
    readiness_ = std::make_unique<Readiness>(ready.starts_with("log:") ? ready : config::filled_in(ready, values_));
    if (readiness_->port() == 0 || !is_listening(readiness_->port())) return true;
    fail(fmt::format("was not started: port {} is in use by somebody else, who would have been taken for it",
                     readiness_->port()));
    return false;
  }

  bool start() {
    const auto command = config::filled_in(plan_.program.command, values_);
    auto environment = plan_.environment;
    environment.insert(plan_.file.environment.begin(), plan_.file.environment.end());
    if (plan_.file.can_be_preloaded) {
      environment.insert(plan_.probe_environment.begin(), plan_.probe_environment.end());
      environment["LD_PRELOAD"] = preloaded_probe(environment);
      environment["SOAK_REGION"] = plan_.region.string();
    }
    program_ =
        std::make_unique<Supervised>(loop_.context(),
                                     SupervisedPlan{plan_.file.path,
                                                    {command.begin() + 1, command.end()},
                                                    child_environment(environment),
                                                    [this](std::string_view text) { readiness_->take_output(text); }},
                                     log_);
    if (!program_->start()) {
      fail(fmt::format("could not be started: {}", program_->start_error()));
      return false;
    }
    values_["pid"] = std::to_string(program_->pid());
    sampler_ = std::make_unique<Sampler>(program_->pid(), plan_.region);
    static_cast<void>(sampler_->take(0));
    return true;
  }

  void watch_memory() {
    static_cast<void>(sampler_->take(0));
    if (plan_.memory_limit_bytes <= 0 || sampler_->rss_bytes() <= plan_.memory_limit_bytes) return;
    held_bytes_ = sampler_->rss_bytes();
    loop_.end_early(EarlyEnd::out_of_memory);
  }

  // A program that ends by itself.

  void wait_for_its_end() {
    std::optional<Checkpoint> last;
    while (!program_->has_ended()) {
      if (!loop_.step(step_time)) return end_early();
      if (auto sample = sampler_->take(0)) last = std::move(sample);
    }
    report_early_end_of_program();
    if (repetition().ending == Ending::finished) refuse_leftovers();
    take_ends(last);
  }

  void report_early_end_of_program() {
    if (const auto signal = program_->signal()) {
      repetition().ending = Ending::crashed;
      repetition().signal = *signal;
      repetition().message = ended_how(*program_);
    } else if (program_->exit_status().value_or(0) != 0) {
      fail(fmt::format("exited with status {}", *program_->exit_status()));
    }
  }

  /// Whoever went on in the background was not measured.
  void refuse_leftovers() {
    // What is only about to end, such as the first half of a shell's pipe, is given a moment.
    auto left = processes_left(program_->pid());
    for (int i = 0; i < 10 && !left.empty(); ++i) {
      loop_.context().run_for(step_time);
      left = processes_left(program_->pid());
    }
    if (left.empty()) return;
    fail(fmt::format(
        "ended, but left {} {} running ({}): a program that goes into the background is not measured; start "
        "it in the foreground",
        left.size(), left.size() == 1 ? "process" : "processes", fmt::join(left, ", ")));
  }

  /// What the probe saw when main began and when it ended; or in its loop, where it says where that is.
  void take_ends(const std::optional<Checkpoint>& last_sample) {
    auto region = read_region(plan_.region);
    explain_missing_heap(region);
    if (region && region->checkpoints.size() > 1) return take_loop(*region);
    outcome_.measured = Measured::at_end;
    outcome_.sites = sites_at_ends(plan_.region, plan_.length.value_or(1));
    repetition().checkpoints = ends_of(region, last_sample, plan_.length.value_or(1));
    repetition().checkpoints.back().elapsed_seconds = program_->wall_seconds();
    if (plan_.length) repetition().iterations = plan_.length;
  }

  void take_loop(RegionContents& region) {
    outcome_.measured = Measured::in_loop;
    repetition().checkpoints = std::move(region.checkpoints);
    repetition().checkpoints_dropped = region.checkpoints_dropped;
    for (auto last = repetition().checkpoints.rbegin(); last != repetition().checkpoints.rend(); ++last)
      if (last->kind == record::CheckpointKind::interval) {
        last->kind = record::CheckpointKind::final;
        repetition().iterations = last->iteration;
        if (last->iteration > 0)
          repetition().iteration_time_ns = 1e9 * last->elapsed_seconds / static_cast<double>(last->iteration);
        break;
      }
  }

  // A program that runs on.

  bool wait_until_ready() {
    const auto limit = std::min<std::chrono::milliseconds>(longest_wait_for_ready, plan_.timeout);
    const auto is_over = [this] { return program_->has_ended() || readiness_->check(); };
    const bool over = loop_.wait(limit, is_over);
    if (loop_.early_end() == EarlyEnd::interrupted) return end_early(), false;
    if (program_->has_ended()) return report_gone_service("before it was ready"), false;
    if (!over)
      fail(fmt::format("was not ready within {:.0f} s: {}", std::chrono::duration<double>(limit).count(),
                       readiness_->what_is_missing()));
    return over;
  }

  void report_gone_service(const std::string& when) {
    report_early_end_of_program();
    if (repetition().ending == Ending::finished) refuse_leftovers();
    fail(fmt::format("ended by itself with status 0, {}", when));
    if (!repetition().message.ends_with(when) && repetition().ending != Ending::finished)
      repetition().message += ", " + when;
  }

  std::unique_ptr<Supervised> start_driver(std::int64_t iteration) {
    auto values = values_;
    values["iteration"] = std::to_string(iteration);
    const auto command = config::filled_in(plan_.program.drive, values);
    return start_helper(command, "driver");
  }

  /// A driver or a stop command; null, and the run failed, where it cannot be started.
  std::unique_ptr<Supervised> start_helper(const std::vector<std::string>& command, const char* what) {
    if (!helper_log_) helper_log_ = std::make_unique<ChildLog>(plan_.driver_log);
    auto helper = std::make_unique<Supervised>(loop_.context(),
                                               SupervisedPlan{inspect_program(command.front(), "").path,
                                                              {command.begin() + 1, command.end()},
                                                              child_environment(plan_.environment)},
                                               *helper_log_);
    if (helper->start()) return helper;
    fail(fmt::format("its {} could not be started: {}", what, helper->start_error()));
    return nullptr;
  }

  /// False once there are more failures than are allowed.
  bool count_driver_failure(const Supervised& driver, std::int64_t iteration) {
    if (driver.exit_status() == 0) return true;
    ++driver_failures_;
    if (driver_failures_ == 1)
      first_driver_failure_ = fmt::format(
          "the first {}: {}", iteration > 0 ? fmt::format("in iteration {}", iteration) : std::string("time"),
          ended_how(driver));
    return driver_failures_ <= plan_.program.max_driver_failures;
  }

  void fail_for_driver() {
    fail(fmt::format("its driver failed {} {} (max_driver_failures {}), {}; it printed: {}", driver_failures_,
                     driver_failures_ == 1 ? "time" : "times", plan_.program.max_driver_failures,
                     first_driver_failure_, printed_by_driver()));
  }

  std::string printed_by_driver() {
    const auto tail = helper_log_ ? helper_log_->tail(300) : std::string();
    return tail.empty() ? "nothing" : "\"" + tail.substr(0, tail.find_last_not_of('\n') + 1) + "\"";
  }

  /// What a request set off may go on after its answer: until nothing is allocated any more, for a while at most.
  void settle() {
    auto before = sampler_->allocations();
    for (int i = 0; i < 15; ++i) {
      if (!loop_.step(step_time)) return;
      const auto now = sampler_->allocations();
      if (now == before) return;
      before = now;
    }
  }

  void drive_by_iterations() {
    outcome_.measured = Measured::in_loop;
    settle();
    sampler_->begin();
    std::vector<Checkpoint> checkpoints;
    const auto add = [&](std::int64_t iteration) {
      settle();
      if (auto sample = sampler_->take(iteration)) checkpoints.push_back(*std::move(sample));
      take_sites(iteration);
    };
    add(0);
    const auto places = checkpoint_iterations(*plan_.length, plan_.checkpoint_count);
    auto due = places.begin();
    std::int64_t done = 0;
    while (done < *plan_.length && drive_once(done + 1)) {
      ++done;
      if (due == places.end() || *due != done) continue;
      add(done);
      ++due;
    }
    keep(std::move(checkpoints), done);
  }

  bool drive_once(std::int64_t iteration) {
    const auto driver = start_driver(iteration);
    if (driver == nullptr) return false;
    while (!driver->has_ended() && !program_->has_ended())
      if (!loop_.step(1ms)) return end_early(), false;
    if (program_->has_ended()) return report_gone_service(fmt::format("in iteration {}", iteration)), false;
    if (count_driver_failure(*driver, iteration)) return true;
    fail_for_driver();
    return false;
  }

  void keep(std::vector<Checkpoint> checkpoints, std::int64_t done) {
    if (checkpoints.empty()) return;
    for (auto& checkpoint : checkpoints) checkpoint.kind = record::CheckpointKind::interval;
    checkpoints.front().kind = record::CheckpointKind::baseline;
    if (done == *plan_.length) checkpoints.back().kind = record::CheckpointKind::final;
    repetition().iterations = done;
    if (done > 0)
      repetition().iteration_time_ns = 1e9 * checkpoints.back().elapsed_seconds / static_cast<double>(done);
    repetition().checkpoints = std::move(checkpoints);
  }

  void watch_over_time() {
    outcome_.measured = Measured::over_time;
    sampler_->begin();
    Samples samples(plan_.checkpoint_count);
    const auto end =
        plan_.program.duration ? Samples::Clock::now() + *plan_.program.duration : Samples::Clock::time_point::max();
    std::unique_ptr<Supervised> driver;
    while (Samples::Clock::now() < end) {
      if (const auto now = Samples::Clock::now(); samples.is_due(now)) add_sample(samples, now);
      if (driver == nullptr && !plan_.program.drive.empty() && !(driver = start_driver(0))) break;
      if (!loop_.step(step_time)) {
        end_early();
        break;
      }
      if (program_->has_ended()) {
        report_gone_service(fmt::format("after {:.1f} s", sampler_->elapsed_seconds()));
        break;
      }
      if (driver == nullptr || !driver->has_ended()) continue;
      if (!count_driver_failure(*driver, 0)) {
        fail_for_driver();
        break;
      }
      driver.reset();
      if (!plan_.program.duration) break;
    }
    driver.reset();  // ends it
    if (repetition().ending == Ending::finished) settle();
    add_sample(samples, Samples::Clock::now());
    repetition().checkpoints = samples.checkpoints();
    if (repetition().ending != Ending::finished && !repetition().checkpoints.empty())
      repetition().checkpoints.back().kind = record::CheckpointKind::interval;
    repetition().iterations = whole_seconds(sampler_->elapsed_seconds());
  }

  void add_sample(Samples& samples, Samples::Clock::time_point now) {
    const auto second = whole_seconds(sampler_->elapsed_seconds());
    if (auto sample = sampler_->take(second)) samples.add(*std::move(sample), now);
    take_sites(second);
  }

  /// Megabytes are read: a few times a run.
  void take_sites(std::int64_t iteration) {
    if (++offered_ % site_sample_stride == 1) sites_.take(iteration);
  }

  // The end.

  void end_early() {
    switch (loop_.early_end()) {
      case EarlyEnd::interrupted:
        repetition().ending = Ending::interrupted;
        repetition().message = "was ended because the run was interrupted";
        break;
      case EarlyEnd::timed_out:
        repetition().ending = Ending::timed_out;
        repetition().message =
            fmt::format("did not end within its timeout; ended after {:.1f} s", program_->wall_seconds());
        break;
      case EarlyEnd::out_of_memory:
        fail(
            fmt::format("was ended when it and what it had started held {} of resident memory, more than its "
                        "memory_limit",
                        config::format_bytes(static_cast<double>(held_bytes_))));
        break;
      case EarlyEnd::none:
        break;
    }
  }

  void explain_missing_heap(const std::optional<RegionContents>& region) {
    if (!plan_.file.heap_unavailable.empty())
      repetition().heap_unavailable = plan_.file.heap_unavailable;
    else if (!region)
      repetition().heap_unavailable = "the probe left no region: the program was started without it";
    else
      repetition().heap_unavailable = region->heap_unavailable;
  }

  void stop_program() {
    if (program_ == nullptr || program_->pid() <= 0) return;
    if (offered_ > 0) {
      sites_.take(repetition().iterations.value_or(0));
      outcome_.sites = sites_.sites();
    }
    repetition().processes = sampler_->processes();
    if (!program_->has_ended()) ask_it_to_stop();
    if (!program_->has_ended()) program_->signal_group(SIGKILL);
    const auto is_gone = [this] { return program_->has_ended(); };
    for (int i = 0; i < 100 && !is_gone(); ++i) loop_.context().run_for(step_time);
    end_leftovers(program_->pid());
  }

  void ask_it_to_stop() {
    const auto& stop = plan_.program.stop;
    const auto signal = stop.size() == 1 ? config::signal_named(stop.front()) : std::nullopt;
    if (stop.empty() || signal) {
      program_->signal_group(signal.value_or(SIGTERM));
    } else if (const auto helper = start_helper(config::filled_in(stop, values_), "stop command")) {
      wait_for([&] { return helper->has_ended() || program_->has_ended(); }, longest_stop_command);
      if (helper->has_ended() && helper->exit_status() != 0)
        outcome_.notes.push_back(fmt::format("its stop command {}", ended_how(*helper)));
    }
    wait_for([&] { return program_->has_ended(); }, grace_between_stop_and_kill);
    if (!program_->has_ended())
      outcome_.notes.push_back(fmt::format("it did not stop within {} s when it was asked to, and was killed",
                                           grace_between_stop_and_kill.count()));
  }

  /// Whatever ended the run early: this is the time to go down in.
  template <typename Done>
  void wait_for(Done done, std::chrono::milliseconds time) {
    const auto end = EventLoop::Clock::now() + time;
    while (!done() && EventLoop::Clock::now() < end) loop_.context().run_for(step_time);
  }

  ProgramOutcome finish() {
    if (program_ != nullptr && plan_.program.runs_on()) explain_missing_heap(read_region(plan_.region));
    stop_program();
    if (program_ != nullptr) {
      repetition().wall_seconds = program_->wall_seconds();
      if (repetition().ending != Ending::finished || !plan_.program.runs_on())
        repetition().exit_status = program_->exit_status();
    }
    if (driver_failures_ > 0 && repetition().ending == Ending::finished)
      outcome_.notes.push_back(fmt::format("its driver failed {} {}, {}", driver_failures_,
                                           driver_failures_ == 1 ? "time" : "times", first_driver_failure_));
    log_.close();
    if (helper_log_) helper_log_->close();
    repetition().output_tail = log_.tail();
    outcome_.log_error = log_.error();
    return std::move(outcome_);
  }

  const ProgramPlan& plan_;
  ChildLog log_;
  std::unique_ptr<ChildLog> helper_log_;
  EventLoop loop_;
  ProgramOutcome outcome_;
  config::Placeholders values_;
  std::unique_ptr<Readiness> readiness_;
  std::unique_ptr<Supervised> program_;
  std::unique_ptr<Sampler> sampler_;
  SiteSamples sites_{plan_.region};
  std::int64_t offered_ = 0;
  std::int64_t held_bytes_ = 0, driver_failures_ = 0;
  std::string first_driver_failure_;
};

}  // namespace

ProgramOutcome run_program(const ProgramPlan& plan, const std::function<void(double)>& tick) {
  return Run(plan, tick).run();
}

}  // namespace soak::run
