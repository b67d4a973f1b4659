#include "process/supervised.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/process/v2/environment.hpp>
// Boost 1.81 leaves one function of its header-only Process v2 without `inline`: it is compiled here, once.
#include <boost/process/v2/impl/environment.ipp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <mutex>
#include <system_error>

#include "process/own_group.hpp"

namespace soak::process {
namespace asio = boost::asio;
namespace process = boost::process::v2;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
namespace {

constexpr std::chrono::milliseconds patience_for_output{500};

struct Pipe {
  int read_end = -1, write_end = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    read_end = ends[0];
    write_end = ends[1];
  }
  ~Pipe() { close(write_end); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
};

/// Readable once the process has exited (pidfd_open(2), which this glibc does not declare for C++).
int descriptor_of(pid_t pid) {
  const auto descriptor = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "pidfd_open");
  return descriptor;
}

}  // namespace

struct Supervised::State {
  State(asio::io_context& loop_in, Command command_in, ChildLog& log_in, OnOutput on_output_in)
      : loop(loop_in),
        command(std::move(command_in)),
        log(log_in),
        on_output(std::move(on_output_in)),
        output(loop_in),
        exit(loop_in),
        patience(loop_in) {}

  void reap() {
    rusage usage{};
    if (wait4(group, &status, 0, &usage) == group) max_rss_bytes = usage.ru_maxrss * 1024;
    exited = true;
    exited_at = Clock::now();
    loop.stop();
  }
  void end_output() {
    output_ended = true;
    loop.stop();
  }

  asio::io_context& loop;
  Command command;
  ChildLog& log;
  OnOutput on_output;
  asio::posix::stream_descriptor output, exit;
  asio::steady_timer patience;
  std::array<char, 64 << 10> buffer{};
  std::string start_error;
  pid_t group = -1;
  int status = 0;
  std::optional<std::int64_t> max_rss_bytes;
  Clock::time_point began = Clock::now(), exited_at{};
  bool exited = false, output_ended = false;
};

void Supervised::read_output(const std::shared_ptr<State>& state) {
  state->output.async_read_some(asio::buffer(state->buffer), [state](error_code error, std::size_t size) {
    const std::string_view text(state->buffer.data(), size);
    state->log.append(text);
    if (state->on_output && size > 0) state->on_output(text);
    if (!error) return read_output(state);
    state->end_output();
  });
}

/// Not by Boost's process, which asks the kernel for the status alone.
void Supervised::wait_for_exit(const std::shared_ptr<State>& state) {
  state->exit.async_wait(asio::posix::stream_descriptor::wait_read, [state](error_code cancelled) {
    if (cancelled) return;
    state->reap();
    // Others may hold the other end of the pipe; what is in it is read, but not waited for for ever.
    state->patience.expires_after(patience_for_output);
    state->patience.async_wait([state](error_code ended) {
      if (!ended) state->end_output();
    });
  });
}

Supervised::Supervised(asio::io_context& loop, Command command, ChildLog& log, OnOutput on_output)
    : state_(std::make_shared<State>(loop, std::move(command), log, std::move(on_output))) {}

Supervised::~Supervised() {
  auto& state = *state_;
  if (state.group <= 0) return;
  signal_group(SIGKILL);
  if (!state.exited) state.reap();
  error_code ignored;
  state.output.close(ignored);
  state.exit.close(ignored);
  state.patience.cancel();
}

bool Supervised::start() {
  // The launcher's own pipe is inherited by whatever another thread starts before it is marked: it would be read for
  // as long as that child lives.
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  auto& state = *state_;
  const Pipe pipe;
  state.output.assign(pipe.read_end);
  error_code error;
  auto child = process::default_process_launcher()(
      state.loop.get_executor(), error, process::filesystem::path(state.command.executable.string()),
      state.command.arguments, process::process_stdio{nullptr, pipe.write_end, pipe.write_end},
      process::process_environment(state.command.environment), OwnGroup{});
  if (error) {
    state.start_error = error.message();
    state.exited = state.output_ended = true;
    state.output.close(error);
    return false;
  }
  state.group = child.id();
  child.detach();
  setpgid(state.group, state.group);  // here as well: whichever of the two comes first
  state.exit.assign(descriptor_of(state.group));
  read_output(state_);
  wait_for_exit(state_);
  return true;
}

const std::string& Supervised::start_error() const { return state_->start_error; }
pid_t Supervised::pid() const { return state_->group; }
bool Supervised::has_exited() const { return state_->exited; }
bool Supervised::has_ended() const { return state_->exited && state_->output_ended; }
std::optional<std::int64_t> Supervised::max_rss_bytes() const { return state_->max_rss_bytes; }

std::optional<int> Supervised::exit_status() const {
  if (!state_->exited || state_->group <= 0 || !WIFEXITED(state_->status)) return {};
  return WEXITSTATUS(state_->status);
}

std::optional<int> Supervised::signal() const {
  if (!state_->exited || state_->group <= 0 || !WIFSIGNALED(state_->status)) return {};
  return WTERMSIG(state_->status);
}

double Supervised::wall_seconds() const {
  const auto end = state_->exited ? state_->exited_at : Clock::now();
  return std::chrono::duration<double>(end - state_->began).count();
}

void Supervised::signal_group(int signal) const {
  if (state_->group > 0) kill(-state_->group, signal);
}

std::string ended_how(const Supervised& process) {
  if (const auto signal = process.signal()) return fmt::format("died of signal {} ({})", *signal, strsignal(*signal));
  return fmt::format("ended with status {}", process.exit_status().value_or(0));
}

}  // namespace soak::process
