// A process that runs beside others under one event loop: the program that is measured, its driver, its stop command.
#pragma once

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "run/child_log.hpp"

namespace soak::run {

struct SupervisedPlan {
  std::filesystem::path executable;
  std::vector<std::string> arguments;                    ///< Without the executable's own name.
  std::vector<std::string> environment;                  ///< All of it.
  std::function<void(std::string_view)> on_output = {};  ///< Gets what it prints, beside the log.
};

/// Started in a process group of its own, which dies with the runner. What it prints goes to a log that may be
/// shared.
class Supervised {
 public:
  /// Does not start it yet. Borrows the loop and the log.
  Supervised(boost::asio::io_context& loop, SupervisedPlan plan, ChildLog& log);
  /// Kills what is left of the group.
  ~Supervised();
  Supervised(const Supervised&) = delete;
  Supervised& operator=(const Supervised&) = delete;

  /// False where it could not be started: see start_error.
  bool start();
  [[nodiscard]] const std::string& start_error() const;
  [[nodiscard]] pid_t pid() const;
  /// The process itself ended and all that it printed was read, or is not waited for any longer.
  [[nodiscard]] bool has_ended() const;
  [[nodiscard]] std::optional<int> exit_status() const;
  [[nodiscard]] std::optional<int> signal() const;
  [[nodiscard]] double wall_seconds() const;
  void signal_group(int signal) const;

 private:
  struct State;
  static void read_output(const std::shared_ptr<State>& state);
  std::shared_ptr<State> state_;  // the loop's handlers hold it as well
};

}  // namespace soak::run
