#include "run/capture.hpp"

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
#include <sstream>

#include "run/child_environment.hpp"

namespace soak::run {
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

}  // namespace

Captured capture(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                 std::chrono::milliseconds timeout) {
  Captured captured;
  asio::io_context loop{1};
  asio::readable_pipe output{loop}, errors{loop};
  error_code error;
  const auto environment = child_environment(std::map<std::string, std::string>{});
  auto child = process::default_process_launcher()(
      loop.get_executor(), error, process::filesystem::path(found_in_path(program)), arguments,
      process::process_stdio{nullptr, output, errors}, process::process_environment(environment));
  if (error) {
    captured.error = error.message();
    return captured;
  }
  const auto ignore = [](error_code, std::size_t) {};
  asio::async_read(output, asio::dynamic_buffer(captured.output), ignore);
  asio::async_read(errors, asio::dynamic_buffer(captured.errors), ignore);
  bool ended = false;
  asio::steady_timer deadline{loop, timeout};
  child.async_wait([&](error_code, int) {
    ended = true;
    deadline.cancel();
  });
  deadline.async_wait([&](error_code cancelled) {
    if (cancelled) return;
    captured.error = "took too long";
    error_code ignored;
    child.terminate(ignored);
    loop.stop();
  });
  loop.run();
  if (!ended) return captured;
  const int status = child.native_exit_code();
  if (WIFSIGNALED(status))
    captured.error = std::string("died of ") + strsignal(WTERMSIG(status));
  else
    captured.exit_status = WEXITSTATUS(status);
  return captured;
}

}  // namespace soak::run
