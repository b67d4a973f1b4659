// soak bisect: which commit changed a metric.
#pragma once

#include "history/bisection.hpp"

namespace soak::app {

struct BisectOptions {
  history::BisectionRequest request;  ///< As given: revisions, and empty texts for what was not.
  bool resume = false, abort = false;
  int noisy_repetitions = 6;  ///< Of each commit, for times and resident memory.
};

/// Finds the commit in a working tree of its own, and prints it with what it changed. Its state is kept when it is
/// interrupted or git fails, so that it can be resumed. Returns the exit status. Throws UserError.
[[nodiscard]] int bisect(const BisectOptions& options);

}  // namespace soak::app
