// A commit, built and run in a tree that is not the user's.
#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "history/bisection.hpp"
#include "process/signals.hpp"

namespace soak::app {

/// The user asked to stop.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

/// A commit that cannot be built, or whose scenario cannot be run. The message says why.
class NotRunnable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class CommitTrial {
 public:
  /// What it borrows must outlive it.
  CommitTrial(const history::Repository& repository, const history::BisectionFolder& folder,
              const history::BisectionRequest& request, const config::Config& config,
              process::Interrupts& interrupts);

  /// Checks the commit out and builds it, unless it is what was built last. Throws NotRunnable, Interrupted.
  void build(const std::string& commit);

  struct Run {
    std::optional<std::int64_t> iterations;  ///< Empty: as the scenario has it.
    int repetitions = 1;
    bool explain = false;  ///< Run suspects longer, and what leaks with call sites, as `soak run` does.
  };
  /// Of the commit that was built last. Throws NotRunnable, Interrupted.
  [[nodiscard]] history::MeasuredRun run(const Run& how);
  /// Where it is checked out.
  [[nodiscard]] std::filesystem::path tree() const { return folder_.tree(); }

 private:
  [[nodiscard]] std::vector<std::filesystem::path> binaries() const;

  const history::Repository& repository_;
  const history::BisectionFolder& folder_;
  const history::BisectionRequest& request_;
  config::Config config_;
  process::Interrupts& interrupts_;
  std::string built_;
};

}  // namespace soak::app
