#include "run/program/measured_program.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <csignal>

#include "base/units.hpp"
#include "process/environment.hpp"
#include "process/process_tree.hpp"
#include "process/supervised.hpp"
#include "region/region_reader.hpp"
#include "run/program/samples.hpp"

namespace soak::run {
using namespace std::chrono_literals;
using record::Ending;

namespace {

constexpr auto longest_wait_for_ready = 30s;
constexpr auto longest_stop_command = 30s;
constexpr auto grace_between_stop_and_kill = 5s;
constexpr auto step_time = 20ms;
constexpr std::int64_t samples_a_look_at_sites = 8;

/// Time for the service to come up and to go down comes on top of the time that is asked for.
std::chrono::milliseconds whole_timeout(const ProgramPlan& plan) {
  return plan.program.duration ? *plan.program.duration + plan.timeout : plan.timeout;
}

}  // namespace

std::unique_ptr<process::Supervised> Driver::start(const std::vector<std::string>& command) {
  if (!log_) log_ = std::make_unique<process::ChildLog>(plan_.driver_log);
  auto driver = std::make_unique<process::Supervised>(loop_.context(),
                                                      process::Command{inspect_program(command.front(), "").path,
                                                                       {command.begin() + 1, command.end()},
                                                                       process::child_environment(plan_.environment)},
                                                      *log_);
  if (driver->start()) return driver;
  start_error_ = driver->start_error();
  return nullptr;
}

bool Driver::accept(const process::Supervised& ended, std::int64_t iteration) {
  if (ended.exit_status() == 0) return true;
  if (++failures_ == 1)
    first_failure_ =
        fmt::format("the first {}: {}", iteration > 0 ? fmt::format("in iteration {}", iteration) : "time",
                    process::ended_how(ended));
  return failures_ <= plan_.program.max_driver_failures;
}

std::string Driver::failures() const {
  if (failures_ == 0) return {};
  return fmt::format("failed {} {}, {}", failures_, failures_ == 1 ? "time" : "times", first_failure_);
}

std::string Driver::printed() const {
  const auto tail = log_ ? log_->tail(300) : std::string();
  return tail.empty() ? "nothing" : "\"" + tail.substr(0, tail.find_last_not_of('\n') + 1) + "\"";
}

void Driver::close_log() {
  if (log_) log_->close();
}

MeasuredProgram::MeasuredProgram(const ProgramPlan& plan, const std::function<void(double)>& tick)
    : plan_(plan),
      log_(plan.log),
      loop_(whole_timeout(plan), plan.interrupts, tick),
      driver_(plan, loop_),
      sites_(plan.region) {
  outcome_.repetition.ending = Ending::finished;
}

void MeasuredProgram::fail(std::string message) {
  if (!repetition().message.empty()) return;
  repetition().ending = Ending::failed;
  repetition().message = std::move(message);
}

bool MeasuredProgram::start() {
  process::adopt_orphans();
  values_["port"] = plan_.program.needs_port() ? std::to_string(free_port()) : "";
  values_["iterations"] = plan_.length ? std::to_string(*plan_.length) : "";
  const auto ready = plan_.program.ready == "tcp" ? "tcp:{port}" : plan_.program.ready;
  readiness_ = std::make_unique<Readiness>(ready.starts_with("log:") ? ready : config::filled_in(ready, values_));
  if (readiness_->port() != 0 && is_listening(readiness_->port())) {
    fail(fmt::format("was not started: port {} is in use by somebody else, who would have been taken for it",
                     readiness_->port()));
    return false;
  }
  process_ = std::make_unique<process::Supervised>(loop_.context(), measured_command(), log_,
                                                   [this](std::string_view text) { readiness_->take_output(text); });
  if (!process_->start()) {
    fail(fmt::format("could not be started: {}", process_->start_error()));
    return false;
  }
  values_["pid"] = std::to_string(process_->pid());
  sampler_ = std::make_unique<Sampler>(process_->pid(), plan_.region);
  loop_.on_tick = [this] { watch_memory(); };
  return true;
}

process::Command MeasuredProgram::measured_command() {
  const auto command = config::filled_in(plan_.program.command, values_);
  auto environment = plan_.environment;
  environment.insert(plan_.file.environment.begin(), plan_.file.environment.end());
  if (plan_.file.can_be_preloaded) {
    environment.insert(plan_.probe_environment.begin(), plan_.probe_environment.end());
    environment["LD_PRELOAD"] = preloaded_probe(environment);
    environment["SOAK_REGION"] = plan_.region.string();
  }
  return {plan_.file.path, {command.begin() + 1, command.end()}, process::child_environment(environment)};
}

void MeasuredProgram::watch_memory() {
  static_cast<void>(sampler_->take(0));
  if (plan_.memory_limit_bytes <= 0 || sampler_->rss_bytes() <= plan_.memory_limit_bytes) return;
  held_bytes_ = sampler_->rss_bytes();
  loop_.end_early(process::EarlyEnd::out_of_memory);
}

bool MeasuredProgram::wait_until_ready() {
  const auto limit = std::min<std::chrono::milliseconds>(longest_wait_for_ready, plan_.timeout);
  const bool over = loop_.wait(limit, [this] { return has_ended() || readiness_->check(); });
  if (has_ended()) {
    report_gone("before it was ready");
    return false;
  }
  if (loop_.early_end() == process::EarlyEnd::interrupted) report_early_end();
  if (!over)
    fail(fmt::format("was not ready within {:.0f} s: {}", std::chrono::duration<double>(limit).count(),
                     readiness_->what_is_missing()));
  return is_fine();
}

void MeasuredProgram::settle() {
  wait_for_rest();
  if (!plan_.file.collects_garbage || has_ended()) return;
  ask_for_garbage_collection(process_->pid());
  wait_for_rest();
}

void MeasuredProgram::wait_for_rest() {
  constexpr int most_looks = 15;
  auto before = sampler_->activity();
  for (int i = 0; i < most_looks && loop_.step(step_time); ++i) {
    const auto now = sampler_->activity();
    if (now == before) return;
    before = now;
  }
}

void MeasuredProgram::collect_garbage() {
  if (!plan_.file.collects_garbage || has_ended()) return;
  ask_for_garbage_collection(process_->pid());
  loop_.step(step_time);
}

std::optional<record::Checkpoint> MeasuredProgram::sample(std::int64_t iteration) {
  auto sample = sampler_->take(iteration);
  if (sample && samples_taken_++ % samples_a_look_at_sites == 0) sites_.take(iteration);
  return sample;
}

void MeasuredProgram::report_early_end() {
  switch (loop_.early_end()) {
    case process::EarlyEnd::interrupted:
      repetition().ending = Ending::interrupted;
      repetition().message = "was ended because the run was interrupted";
      break;
    case process::EarlyEnd::timed_out:
      repetition().ending = Ending::timed_out;
      repetition().message =
          fmt::format("did not end within its timeout; ended after {:.1f} s", process_->wall_seconds());
      break;
    case process::EarlyEnd::out_of_memory:
      fail(
          fmt::format("was ended when it and what it had started held {} of resident memory, more than its "
                      "memory_limit",
                      format_bytes(static_cast<double>(held_bytes_))));
      break;
    case process::EarlyEnd::none:
      break;
  }
}

void MeasuredProgram::report_own_end() {
  if (const auto signal = process_->signal()) {
    repetition().ending = Ending::crashed;
    repetition().signal = *signal;
    repetition().message = process::ended_how(*process_);
  } else if (process_->exit_status().value_or(0) != 0) {
    fail(fmt::format("exited with status {}", *process_->exit_status()));
  } else {
    refuse_leftovers();
  }
}

/// Whoever went on in the background was not measured.
void MeasuredProgram::refuse_leftovers() {
  // What is only about to end, such as the first half of a shell's pipe, is given a moment.
  auto left = process::processes_left(process_->pid());
  for (int i = 0; i < 10 && !left.empty(); ++i) {
    loop_.let_happen(step_time);
    left = process::processes_left(process_->pid());
  }
  if (!left.empty())
    fail(
        fmt::format("ended, but left {} {} running ({}): a program that goes into the background is not measured; "
                    "start it in the foreground",
                    left.size(), left.size() == 1 ? "process" : "processes", fmt::join(left, ", ")));
}

void MeasuredProgram::report_gone(const std::string& when) {
  report_own_end();
  if (is_fine()) return fail(fmt::format("ended by itself with status 0, {}", when));
  repetition().message += ", " + when;
}

void MeasuredProgram::explain_missing_heap() {
  const auto region = region::read_region(plan_.region);
  auto& why = repetition().heap_unavailable;
  if (!plan_.file.heap_unavailable.empty())
    why = plan_.file.heap_unavailable;
  else
    why = region ? region->heap_unavailable : "the probe left no region: the program was started without it";
}

/// A forked child counts nothing into its parent's region: the sum over the tree has its pages, not its blocks.
void MeasuredProgram::note_uncounted_children() {
  const auto children = sampler_->most_children();
  if (children == 0 || !repetition().heap_unavailable.empty()) return;
  outcome_.notes.push_back(
      fmt::format("it started {} {} (as many ran at a time): live heap is that of the first process alone, theirs is "
                  "not counted and shows in resident memory only",
                  children, children == 1 ? "process" : "processes"));
}

ProgramOutcome MeasuredProgram::finish() {
  if (process_ != nullptr && process_->pid() > 0) {
    explain_missing_heap();
    note_uncounted_children();
    stop();
    repetition().wall_seconds = process_->wall_seconds();
    repetition().max_rss_bytes = process_->max_rss_bytes();
    // Of one that was stopped the status says nothing.
    if (!is_fine() || !plan_.program.runs_on()) repetition().exit_status = process_->exit_status();
  }
  if (const auto failures = driver_.failures(); !failures.empty() && is_fine())
    outcome_.notes.push_back("its driver " + failures);
  log_.close();
  driver_.close_log();
  repetition().output_tail = log_.tail();
  outcome_.log_error = log_.error();
  return std::move(outcome_);
}

void MeasuredProgram::stop() {
  if (samples_taken_ > 0) {
    sites_.take(repetition().iterations.value_or(0));
    outcome_.sites = sites_.sites();
  }
  repetition().processes = sampler_->processes();
  if (!has_ended()) ask_it_to_stop();
  if (!has_ended()) process_->signal_group(SIGKILL);
  wait_for([this] { return has_ended(); }, 2s);
  process::end_leftovers(process_->pid());
}

void MeasuredProgram::ask_it_to_stop() {
  const auto& stop = plan_.program.stop;
  const auto signal = stop.size() == 1 ? config::signal_named(stop.front()) : std::nullopt;
  if (stop.empty() || signal) {
    process_->signal_group(signal.value_or(SIGTERM));
  } else if (const auto command = driver_.start(config::filled_in(stop, values_))) {
    wait_for([&] { return command->has_ended() || has_ended(); }, longest_stop_command);
    if (command->has_ended() && command->exit_status() != 0)
      outcome_.notes.push_back(fmt::format("its stop command {}", process::ended_how(*command)));
  }
  wait_for([this] { return has_ended(); }, grace_between_stop_and_kill);
  if (!has_ended())
    outcome_.notes.push_back(fmt::format("it did not stop within {} s when it was asked to, and was killed",
                                         grace_between_stop_and_kill.count()));
}

/// Whatever ended the run early: this is the time to go down in.
template <typename Done>
void MeasuredProgram::wait_for(Done done, std::chrono::milliseconds time) {
  const auto end = process::EventLoop::Clock::now() + time;
  while (!done() && process::EventLoop::Clock::now() < end) loop_.let_happen(step_time);
}

}  // namespace soak::run
