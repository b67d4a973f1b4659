#include "process/child_process.hpp"

#include <csignal>

#include "process/event_loop.hpp"
#include "process/leftovers.hpp"
#include "process/supervised.hpp"
#include "process/tree_memory.hpp"

namespace soak::process {
namespace {

constexpr std::chrono::seconds grace_between_term_and_kill{5};
constexpr std::chrono::milliseconds step_time{100};

class ChildRun {
 public:
  ChildRun(const ChildPlan& plan, const std::function<void(double)>& tick)
      : plan_(plan),
        log_(plan.log),
        loop_(plan.timeout, plan.interrupts, tick),
        child_(loop_.context(), {plan.executable, plan.arguments, plan.environment}, log_) {}

  ChildOutcome run() {
    if (!child_.start()) {
      outcome_.start_error = child_.start_error();
      return outcome_;
    }
    loop_.on_tick = [this] { watch_memory(); };
    while (!child_.has_exited() && loop_.step(step_time)) {
    }
    if (!child_.has_exited()) end_early();
    // Whoever holds the other end of its output is gone then.
    end_leftovers(child_.pid());
    while (!child_.has_ended()) loop_.let_happen(step_time);
    finish();
    return outcome_;
  }

 private:
  void watch_memory() {
    if (plan_.memory_limit_bytes <= 0 || loop_.early_end() != EarlyEnd::none) return;
    const auto resident_bytes = tree_resident_bytes(child_.pid());
    if (resident_bytes <= plan_.memory_limit_bytes) return;
    outcome_.exceeded_memory_bytes = resident_bytes;
    loop_.end_early(EarlyEnd::out_of_memory);
  }

  void end_early() {
    outcome_.timed_out = loop_.early_end() == EarlyEnd::timed_out;
    outcome_.interrupted = loop_.early_end() == EarlyEnd::interrupted;
    if (loop_.early_end() != EarlyEnd::out_of_memory) {
      child_.signal_group(SIGTERM);
      wait_out_grace();
    }
    child_.signal_group(SIGKILL);
    while (!child_.has_exited()) loop_.let_happen(step_time);
  }

  void wait_out_grace() {
    const auto end = EventLoop::Clock::now() + grace_between_term_and_kill;
    const int interrupts = count_interrupts();
    // A second Ctrl-C is impatience: no more grace.
    while (!child_.has_exited() && EventLoop::Clock::now() < end && count_interrupts() == interrupts)
      loop_.step(step_time);
  }

  [[nodiscard]] int count_interrupts() const { return plan_.interrupts == nullptr ? 0 : plan_.interrupts->count(); }

  void finish() {
    log_.close();
    outcome_.output_tail = log_.tail();
    outcome_.log_error = log_.error();
    outcome_.exit_status = child_.exit_status();
    outcome_.signal = child_.signal();
    outcome_.wall_seconds = child_.wall_seconds();
  }

  const ChildPlan& plan_;
  ChildOutcome outcome_;
  ChildLog log_;
  EventLoop loop_;
  Supervised child_;
};

}  // namespace

ChildOutcome run_child(const ChildPlan& plan, const std::function<void(double)>& tick) {
  adopt_orphans();
  return ChildRun(plan, tick).run();
}

}  // namespace soak::process
