#include "run/program/supervised.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/process/v2/environment.hpp>
#include <boost/process/v2/process.hpp>
#include <boost/process/v2/stdio.hpp>
#include <csignal>

#include "run/own_group.hpp"

namespace soak::run {
namespace {

namespace asio = boost::asio;
namespace process = boost::process::v2;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds patience_for_output{500};

}  // namespace

struct Supervised::State {
  State(asio::io_context& loop_in, SupervisedPlan plan_in, ChildLog& log_in)
      : loop(loop_in), plan(std::move(plan_in)), log(log_in), output(loop_in), patience(loop_in) {}

  asio::io_context& loop;
  SupervisedPlan plan;
  ChildLog& log;
  asio::readable_pipe output;
  asio::steady_timer patience;
  std::optional<process::process> child;
  std::array<char, 64 << 10> buffer{};
  std::string start_error;
  pid_t group = -1;
  Clock::time_point began = Clock::now(), ended_at{};
  bool ended = false, output_ended = false;
};

void Supervised::read_output(const std::shared_ptr<State>& state) {
  state->output.async_read_some(asio::buffer(state->buffer), [state](error_code error, std::size_t size) {
    const std::string_view text(state->buffer.data(), size);
    state->log.append(text);
    if (state->plan.on_output && size > 0) state->plan.on_output(text);
    if (!error) return read_output(state);
    state->output_ended = true;
  });
}

Supervised::Supervised(asio::io_context& loop, SupervisedPlan plan, ChildLog& log)
    : state_(std::make_shared<State>(loop, std::move(plan), log)) {}

Supervised::~Supervised() {
  auto& state = *state_;
  if (state.group <= 0) return;
  signal_group(SIGKILL);
  error_code ignored;
  if (!state.ended) state.child->wait(ignored);
  state.output.close(ignored);
  state.patience.cancel();
}

bool Supervised::start() {
  auto& state = *state_;
  error_code error;
  state.child.emplace(process::default_process_launcher()(
      state.loop.get_executor(), error, process::filesystem::path(state.plan.executable.string()),
      state.plan.arguments, process::process_stdio{nullptr, state.output, state.output},
      process::process_environment(state.plan.environment), OwnGroup{}));
  if (error) {
    state.start_error = error.message();
    state.ended = state.output_ended = true;
    return false;
  }
  state.group = state.child->id();
  setpgid(state.group, state.group);  // here as well: whichever of the two comes first
  read_output(state_);
  state.child->async_wait([shared = state_](error_code, int) {
    shared->ended = true;
    shared->ended_at = Clock::now();
    // Others may hold the other end of the pipe; what is in it is read, but not waited for for ever.
    shared->patience.expires_after(patience_for_output);
    shared->patience.async_wait([shared](error_code cancelled) {
      if (!cancelled) shared->output_ended = true;
    });
  });
  return true;
}

const std::string& Supervised::start_error() const { return state_->start_error; }
pid_t Supervised::pid() const { return state_->group; }
bool Supervised::has_ended() const { return state_->ended && state_->output_ended; }

std::optional<int> Supervised::exit_status() const {
  if (!state_->ended || state_->group <= 0) return {};
  const int status = state_->child->native_exit_code();
  return WIFEXITED(status) ? std::optional(WEXITSTATUS(status)) : std::nullopt;
}

std::optional<int> Supervised::signal() const {
  if (!state_->ended || state_->group <= 0) return {};
  const int status = state_->child->native_exit_code();
  return WIFSIGNALED(status) ? std::optional(WTERMSIG(status)) : std::nullopt;
}

double Supervised::wall_seconds() const {
  const auto end = state_->ended ? state_->ended_at : Clock::now();
  return std::chrono::duration<double>(end - state_->began).count();
}

void Supervised::signal_group(int signal) const {
  if (state_->group > 0) kill(-state_->group, signal);
}

}  // namespace soak::run
