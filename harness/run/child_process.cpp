#include "run/child_process.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>
#include <csignal>
#include <mutex>
#include <system_error>

#include "run/child_log.hpp"
#include "run/leftovers.hpp"
#include "run/own_group.hpp"
#include "run/tree_memory.hpp"

namespace soak::run {
namespace {

namespace asio = boost::asio;
namespace process = boost::process::v2;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds grace_between_term_and_kill{5};
constexpr std::chrono::milliseconds tick_interval{100};
constexpr std::chrono::milliseconds patience_for_output{500};

struct Pipe {
  int read_end = -1, write_end = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    read_end = ends[0];
    write_end = ends[1];
  }
  ~Pipe() { close_write_end(); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_write_end() {
    if (write_end >= 0) close(write_end);
    write_end = -1;
  }
};

/// The child, its output, its deadline and the user's Ctrl-C, on one event loop.
class ChildRun {
 public:
  ChildRun(const ChildPlan& plan, const std::function<void(double)>& tick)
      : plan_(plan), tick_(tick), log_(plan.log) {}

  ChildOutcome run() {
    if (!start()) return outcome_;
    watch_interrupts();
    read_output();
    wait_for_end();
    arm_deadline();
    arm_tick();
    loop_.run();
    finish();
    return outcome_;
  }

 private:
  bool start() {
    // The launcher's own pipe is inherited by whatever another thread starts before it is marked: it would be read
    // for as long as that child lives.
    static std::mutex one_at_a_time;
    const std::lock_guard lock(one_at_a_time);
    error_code error;
    child_.emplace(process::default_process_launcher()(
        loop_.get_executor(), error, process::filesystem::path(plan_.executable.string()), plan_.arguments,
        process::process_stdio{nullptr, pipe_.write_end, pipe_.write_end},
        process::process_environment(plan_.environment), OwnGroup{}));
    pipe_.close_write_end();
    if (!error) {
      group_ = child_->id();
      setpgid(group_, group_);  // here as well: whichever of the two comes first
      return true;
    }
    outcome_.start_error = error.message();
    close(output_.release());
    return false;
  }

  void read_output() {
    output_.async_read_some(asio::buffer(buffer_), [this](error_code error, std::size_t size) {
      log_.append({buffer_.data(), size});
      if (!error) return read_output();
      output_ended_ = true;
      stop_if_done();
    });
  }

  void wait_for_end() {
    child_->async_wait([this](error_code, int) {
      ended_ = true;
      outcome_.wall_seconds = elapsed_seconds();
      deadline_.cancel();
      end_leftovers(group_);
      // Whoever held the other end of the pipe is gone now; what is in it is read, but not waited for for ever.
      patience_.expires_after(patience_for_output);
      patience_.async_wait([this](error_code error) {
        if (!error) loop_.stop();
      });
      stop_if_done();
    });
  }

  void stop_if_done() {
    if (ended_ && output_ended_) loop_.stop();
  }

  void arm_deadline() {
    deadline_.expires_after(plan_.timeout);
    deadline_.async_wait([this](error_code error) {
      if (error || ended_) return;
      outcome_.timed_out = true;
      end_group();
    });
  }

  void watch_interrupts() {
    if (plan_.interrupts == nullptr) return;
    interrupts_.assign(dup(plan_.interrupts->descriptor()));
    interrupts_.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code error) {
      if (error || ended_ || !plan_.interrupts->requested()) return;
      // A second Ctrl-C is impatience: no more grace.
      if (outcome_.interrupted) kill(-group_, SIGKILL);
      interrupt();
      interrupts_.close();
      watch_interrupts();
    });
  }

  void interrupt() {
    if (outcome_.interrupted) return;
    end_group();
    outcome_.interrupted = true;
    deadline_.cancel();
  }

  void watch_memory() {
    if (plan_.memory_limit_bytes <= 0) return;
    const auto resident_bytes = tree_resident_bytes(group_);
    if (resident_bytes <= plan_.memory_limit_bytes) return;
    outcome_.exceeded_memory_bytes = resident_bytes;
    kill(-group_, SIGKILL);
  }

  void end_group() {
    if (group_ > 0) kill(-group_, SIGTERM);
    grace_.expires_after(grace_between_term_and_kill);
    grace_.async_wait([this](error_code error) {
      if (!error && !ended_) kill(-group_, SIGKILL);
    });
  }

  void arm_tick() {
    ticker_.expires_after(tick_interval);
    ticker_.async_wait([this](error_code error) {
      if (error || ended_) return;
      watch_memory();
      // Of several threads that wait for the same signal only one may come to see it.
      if (plan_.interrupts != nullptr && plan_.interrupts->requested()) interrupt();
      if (tick_) tick_(elapsed_seconds());
      arm_tick();
    });
  }

  void finish() {
    log_.close();
    outcome_.output_tail = log_.tail();
    outcome_.log_error = log_.error();
    const int status = child_->native_exit_code();
    if (WIFSIGNALED(status))
      outcome_.signal = WTERMSIG(status);
    else
      outcome_.exit_status = WEXITSTATUS(status);
  }

  [[nodiscard]] double elapsed_seconds() const {
    return std::chrono::duration<double>(Clock::now() - began_).count();
  }

  const ChildPlan& plan_;
  const std::function<void(double)>& tick_;
  ChildLog log_;
  ChildOutcome outcome_;
  Clock::time_point began_ = Clock::now();
  pid_t group_ = -1;
  bool ended_ = false;
  bool output_ended_ = false;

  asio::io_context loop_{1};
  Pipe pipe_;
  asio::posix::stream_descriptor output_{loop_, pipe_.read_end};
  asio::posix::stream_descriptor interrupts_{loop_};
  asio::steady_timer deadline_{loop_}, grace_{loop_}, ticker_{loop_}, patience_{loop_};
  std::array<char, 64 << 10> buffer_{};
  std::optional<process::process> child_;
};

}  // namespace

ChildOutcome run_child(const ChildPlan& plan, const std::function<void(double)>& tick) {
  adopt_orphans();
  return ChildRun(plan, tick).run();
}

}  // namespace soak::run
