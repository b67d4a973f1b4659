#include "run/program/driver.hpp"

#include <fmt/format.h>

#include "process/child_environment.hpp"
#include "process/ended_how.hpp"

namespace soak::run {

std::unique_ptr<process::Supervised> Driver::start(const std::vector<std::string>& command) {
  if (!log_) log_ = std::make_unique<process::ChildLog>(plan_.driver_log);
  auto driver =
      std::make_unique<process::Supervised>(loop_.context(),
                                            process::SupervisedPlan{inspect_program(command.front(), "").path,
                                                                    {command.begin() + 1, command.end()},
                                                                    process::child_environment(plan_.environment)},
                                            *log_);
  if (driver->start()) return driver;
  start_error_ = driver->start_error();
  return nullptr;
}

bool Driver::accept(const process::Supervised& ended, std::int64_t iteration) {
  if (ended.exit_status() == 0) return true;
  if (++failures_ == 1)
    first_failure_ =
        fmt::format("the first {}: {}", iteration > 0 ? fmt::format("in iteration {}", iteration) : "time",
                    process::ended_how(ended));
  return failures_ <= plan_.program.max_driver_failures;
}

std::string Driver::failures() const {
  if (failures_ == 0) return {};
  return fmt::format("failed {} {}, {}", failures_, failures_ == 1 ? "time" : "times", first_failure_);
}

std::string Driver::printed() const {
  const auto tail = log_ ? log_->tail(300) : std::string();
  return tail.empty() ? "nothing" : "\"" + tail.substr(0, tail.find_last_not_of('\n') + 1) + "\"";
}

void Driver::close_log() {
  if (log_) log_->close();
}

}  // namespace soak::run
