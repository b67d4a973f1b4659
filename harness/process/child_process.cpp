#include "process/child_process.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <map>
#include <optional>
#include <sstream>

#include "process/environment.hpp"
#include "process/event_loop.hpp"
#include "process/own_group.hpp"
#include "process/process_tree.hpp"
#include "process/supervised.hpp"

namespace soak::process {
namespace asio = boost::asio;
namespace process = boost::process::v2;
using boost::system::error_code;
namespace {

constexpr std::chrono::seconds grace_between_term_and_kill{5};
constexpr std::chrono::milliseconds step_time{100};

class ChildRun {
 public:
  ChildRun(const ChildPlan& plan, const std::function<void(double)>& tick)
      : plan_(plan),
        log_(plan.log),
        loop_(plan.timeout, plan.interrupts, tick),
        child_(loop_.context(), plan.command, log_) {}

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

/// Reads both pipes to their end within the deadline; whatever still holds them then is ended with its group.
class Capture {
 public:
  explicit Capture(std::size_t most_output_bytes) : most_output_bytes_(most_output_bytes) {}
  Captured run(const std::filesystem::path& program, const std::vector<std::string>& arguments,
               std::chrono::milliseconds timeout) {
    if (!start(program, arguments)) return captured_;
    read(output_, captured_.output);
    read(errors_, captured_.errors);
    child_->async_wait([this](error_code, int) {
      ended_ = true;
      kill(-group_, SIGKILL);  // nobody else is to hold the pipes open
      stop_if_done();
    });
    deadline_.expires_after(timeout);
    deadline_.async_wait([this](error_code cancelled) {
      if (!cancelled) give_up("took too long");
    });
    loop_.run();
    take_status();
    return captured_;
  }

 private:
  bool start(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
    error_code error;
    // Boost's own look-up would be the only reason to link a compiled Boost library.
    const auto found = find_program(program.string()).value_or(program);
    const auto environment = child_environment(std::map<std::string, std::string>{});
    child_.emplace(process::default_process_launcher()(
        loop_.get_executor(), error, process::filesystem::path(found.string()), arguments,
        process::process_stdio{nullptr, output_, errors_}, process::process_environment(environment), OwnGroup{}));
    if (error) captured_.error = error.message();
    if (!error) group_ = child_->id();
    return !error;
  }

  void read(asio::readable_pipe& pipe, std::string& text) {
    asio::async_read(pipe, asio::dynamic_buffer(text, most_output_bytes_), [this, &text](error_code, std::size_t) {
      if (text.size() == most_output_bytes_)
        return give_up(fmt::format("printed more than {} MiB", most_output_bytes_ >> 20));
      ++pipes_ended_;
      stop_if_done();
    });
  }

  void give_up(const std::string& why) {
    if (captured_.error.empty()) captured_.error = why;
    kill(-group_, SIGKILL);
    error_code ignored;
    if (!ended_) child_->wait(ignored);
    loop_.stop();
  }

  void stop_if_done() {
    if (ended_ && pipes_ended_ == 2) loop_.stop();
  }

  void take_status() {
    if (!captured_.error.empty()) return;
    const int status = child_->native_exit_code();
    if (WIFSIGNALED(status))
      captured_.error = std::string("died of ") + strsignal(WTERMSIG(status));
    else
      captured_.exit_status = WEXITSTATUS(status);
  }

  std::size_t most_output_bytes_;
  Captured captured_;
  pid_t group_ = -1;
  bool ended_ = false;
  int pipes_ended_ = 0;
  asio::io_context loop_{1};
  asio::readable_pipe output_{loop_}, errors_{loop_};
  asio::steady_timer deadline_{loop_};
  std::optional<process::process> child_;
};

}  // namespace

ChildOutcome run_child(const ChildPlan& plan, const std::function<void(double)>& tick) {
  adopt_orphans();
  return ChildRun(plan, tick).run();
}

Captured capture(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                 std::chrono::milliseconds timeout, std::size_t most_output_bytes) {
  return Capture(most_output_bytes).run(program, arguments, timeout);
}

}  // namespace soak::process
