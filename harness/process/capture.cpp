#include "process/capture.hpp"

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

#include "process/child_environment.hpp"
#include "process/own_group.hpp"

namespace soak::process {
namespace {

namespace asio = boost::asio;
namespace process = boost::process::v2;
using boost::system::error_code;

/// Boost's own look-up would be the only reason to link a compiled Boost library.
std::string found_in_path(const std::filesystem::path& program) {
  const char* const path = std::getenv("PATH");
  if (program.has_parent_path() || path == nullptr) return program.string();
  std::istringstream folders(path);
  for (std::string folder; std::getline(folders, folder, ':');)
    if (const auto found = std::filesystem::path(folder) / program; access(found.c_str(), X_OK) == 0)
      return found.string();
  return program.string();
}

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
    const auto environment = child_environment(std::map<std::string, std::string>{});
    child_.emplace(process::default_process_launcher()(
        loop_.get_executor(), error, process::filesystem::path(found_in_path(program)), arguments,
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

Captured capture(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                 std::chrono::milliseconds timeout, std::size_t most_output_bytes) {
  return Capture(most_output_bytes).run(program, arguments, timeout);
}

}  // namespace soak::process
