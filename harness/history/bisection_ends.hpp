// Before the search: do the two ends of a bisection differ, in which metric, and how long must a commit run to show
// it?
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "history/bisection.hpp"
#include "history/commit_trial.hpp"
#include "history/measurement.hpp"
#include "history/metric_change.hpp"

namespace soak::history {

/// Metrics to follow if none is named: first what a leak changes, then costs, then what is noisy.
[[nodiscard]] std::span<const char* const> preferred_metrics();

/// One end at several lengths, longest first.
using Lengths = std::vector<Measurement>;

/// Builds the end and runs it as planned, and at shorter lengths if the binary takes the number of iterations. Throws
/// UserError, which names the end (`which`: "good" or "bad"), if it cannot be measured; Interrupted.
[[nodiscard]] Lengths run_end(CommitTrial& trial, const std::string& commit, int repetitions, const char* which);

/// The metric that was asked for, or the first preferred one, if the ends differ in it.
struct DifferingMetric {
  std::string metric;  ///< Empty: the ends are alike.
  std::optional<MetricChange>
      alike;  ///< How the metric that was asked for compares, if it was measured at both ends.
};
[[nodiscard]] DifferingMetric differing_metric(const std::string& asked, const Measurement& good,
                                               const Measurement& bad);

/// The shortest length at which the ends still differ as they do at full length: sets iterations and both values.
void choose_length(const Lengths& good, const Lengths& bad, BisectionState& state);

/// The metric's value at a commit, built and run at the chosen length; or why there is none.
[[nodiscard]] Attempt try_commit(CommitTrial& trial, const std::string& commit, const BisectionState& state);

}  // namespace soak::history
