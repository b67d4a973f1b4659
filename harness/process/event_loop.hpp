// The event loop of one run, in steps: between them whoever waits looks for what ends the run early.
#pragma once

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>

#include "process/signals.hpp"

namespace soak::process {

enum class EarlyEnd { none, interrupted, timed_out, out_of_memory };

class EventLoop {
 public:
  using Clock = std::chrono::steady_clock;

  EventLoop(std::chrono::milliseconds timeout, Interrupts* interrupts, const std::function<void(double)>& tick)
      : deadline_(Clock::now() + timeout), interrupts_(interrupts), tick_(tick) {}

  [[nodiscard]] boost::asio::io_context& context() { return context_; }
  /// What ended the run early, the first of them.
  [[nodiscard]] EarlyEnd early_end() const { return early_end_; }
  void end_early(EarlyEnd end) {
    if (early_end_ == EarlyEnd::none) early_end_ = end;
  }

  /// Lets events happen for a while, at most until a process under the loop ends.
  void let_happen(Clock::duration time) {
    context_.restart();
    context_.run_for(time);
  }

  /// The same, and the timeout is looked at when it comes. False once the run is to end early.
  bool step(std::chrono::milliseconds time) {
    const auto left = deadline_ - Clock::now();
    let_happen(left > Clock::duration::zero() ? std::min<Clock::duration>(left, time) : time);
    const auto now = Clock::now();
    if (now - last_tick_ >= std::chrono::milliseconds(100)) {
      last_tick_ = now;
      if (tick_) tick_(std::chrono::duration<double>(now - began_).count());
      if (on_tick) on_tick();
    }
    if (interrupts_ != nullptr && interrupts_->requested()) end_early(EarlyEnd::interrupted);
    if (now >= deadline_) end_early(EarlyEnd::timed_out);
    return early_end_ == EarlyEnd::none;
  }

  /// Steps until `done`, at most for `time`. True where it is done.
  template <typename Done>
  bool wait(std::chrono::milliseconds time, Done done) {
    const auto end = Clock::now() + time;
    while (!done() && Clock::now() < end)
      if (!step(std::chrono::milliseconds(10))) return done();
    return done();
  }

  std::function<void()> on_tick;

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context_.get_executor()};
  Clock::time_point began_ = Clock::now(), last_tick_{}, deadline_;
  Interrupts* interrupts_;
  const std::function<void(double)>& tick_;
  EarlyEnd early_end_ = EarlyEnd::none;
};

}  // namespace soak::process
