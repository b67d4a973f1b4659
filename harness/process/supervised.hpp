// A process that the runner starts and waits for under an event loop, beside others or alone.
#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "process/child_log.hpp"

namespace soak::process {

/// What to start.
struct Command {
  std::filesystem::path executable;
  std::vector<std::string> arguments;    ///< Without the executable's own name.
  std::vector<std::string> environment;  ///< All of it, each `NAME=value`.
};

/// Started in a process group of its own, which dies with the runner. What it prints goes to a log that may be
/// shared. The loop is stopped when it exits and when it has ended, so that whoever runs the loop looks at once.
class Supervised {
 public:
  using OnOutput = std::function<void(std::string_view)>;

  /// Does not start it yet. Borrows the loop and the log. `on_output` gets what it prints, beside the log.
  Supervised(boost::asio::io_context& loop, Command command, ChildLog& log, OnOutput on_output = {});
  /// Kills what is left of the group.
  ~Supervised();
  Supervised(const Supervised&) = delete;
  Supervised& operator=(const Supervised&) = delete;

  /// False where it could not be started: see start_error. Several threads may each start one.
  bool start();
  [[nodiscard]] const std::string& start_error() const;
  [[nodiscard]] pid_t pid() const;
  /// The process itself ended; others may go on, and hold its output open.
  [[nodiscard]] bool has_exited() const;
  /// The process itself ended and all that it printed was read, or is not waited for any longer.
  [[nodiscard]] bool has_ended() const;
  [[nodiscard]] std::optional<int> exit_status() const;
  [[nodiscard]] std::optional<int> signal() const;
  /// Highest resident memory as the kernel tells once it has exited (ru_maxrss of wait4(2)): of the process itself or
  /// the largest child that it waited for, whichever is larger, and never less than what the runner's copy held
  /// before it became the program.
  [[nodiscard]] std::optional<std::int64_t> max_rss_bytes() const;
  [[nodiscard]] double wall_seconds() const;
  void signal_group(int signal) const;

 private:
  struct State;
  static void read_output(const std::shared_ptr<State>& state);
  static void wait_for_exit(const std::shared_ptr<State>& state);
  std::shared_ptr<State> state_;  // the loop's handlers hold it as well
};

/// "died of signal 6 (Aborted)", "ended with status 1".
[[nodiscard]] std::string ended_how(const Supervised& process);

}  // namespace soak::process
