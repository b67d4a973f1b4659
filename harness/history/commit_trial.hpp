// A commit, built and run in a tree that is not the user's.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "history/bisection.hpp"
#include "history/measurement.hpp"
#include "process/signals.hpp"
#include "run/soak_run.hpp"

namespace soak::history {

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

enum class Follow { no, yes };

/// Runs a request. With Follow::yes suspects run longer, and what leaks runs with call sites, as in `soak run`.
using MeasureRequest = std::function<run::RunOutcome(run::RunRequest, const config::Config&, Follow)>;

class CommitTrial {
 public:
  /// All references must outlive the trial.
  CommitTrial(const Repository& repository, const BisectionFolder& folder, const BisectionRequest& request,
              const config::Config& config, process::Interrupts& interrupts, MeasureRequest measure_request);

  /// Checks the commit out and builds it, unless it was the last one built. Throws NotRunnable, Interrupted.
  void build(const std::string& commit);

  struct Run {
    std::optional<std::int64_t> iterations;  ///< Empty: the scenario's own number.
    int repetitions = 1;
    Follow follow = Follow::no;
  };
  /// Runs the commit that was built last. Throws NotRunnable, Interrupted.
  [[nodiscard]] MeasuredRun run(const Run& how);
  /// The working tree in which commits are checked out.
  [[nodiscard]] std::filesystem::path tree() const { return folder_.tree(); }

 private:
  [[nodiscard]] std::vector<std::filesystem::path> binaries() const;

  const Repository& repository_;
  const BisectionFolder& folder_;
  const BisectionRequest& request_;
  config::Config config_;
  process::Interrupts& interrupts_;
  MeasureRequest measure_request_;
  std::string built_;
};

}  // namespace soak::history
