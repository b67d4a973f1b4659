#include "history/bisection_ends.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/user_error.hpp"
#include "history/rank_test.hpp"
#include "history/repository.hpp"
#include "record/record_names.hpp"

namespace soak::history {
namespace {

constexpr std::array preferred{"heap_growth_bytes_per_iteration",
                               "open_files_growth",
                               "threads_growth",
                               "children_growth",
                               "heap_peak_bytes",
                               "heap_growth_bytes",
                               "heap_growth_blocks",
                               "allocations_per_iteration",
                               "iteration_time_ns",
                               "rss_growth_bytes",
                               "rss_peak_bytes"};

bool is_change(const MetricChange& change) {
  return change.outcome == Outcome::worse || change.outcome == Outcome::better;
}

Measurement only_one(const MeasuredRun& run) {
  const auto& measurement = run.measurements.at(0);
  if (!measurement.trouble.empty()) throw NotRunnable(measurement.trouble);
  return measurement;
}

constexpr std::int64_t shortest_run = 16;

/// Shorter ones only if the binary takes the number of iterations.
Lengths run_lengths(CommitTrial& trial, int repetitions) {
  Lengths lengths{only_one(trial.run({.iterations = {}, .repetitions = repetitions}))};
  for (auto n = lengths.front().iterations / 4; n >= shortest_run && lengths.size() < 4; n /= 4) {
    auto shorter = only_one(trial.run({.iterations = n, .repetitions = repetitions}));
    if (shorter.iterations != n) break;
    lengths.push_back(std::move(shorter));
  }
  return lengths;
}

std::optional<MetricChange> change_of(const std::string& metric, const Measurement& good, const Measurement& bad) {
  return compare_metric(*record::metric_named(metric), {good, bad});
}

/// Does the shorter run show the same difference, and not only that of warm-up?
bool shows_it(const MetricChange& whole, const MetricChange& shorter, double share_of_length) {
  if (!is_change(shorter) || shorter.outcome != whole.outcome) return false;
  const bool adds_up = whole.unit == record::Unit::bytes || whole.unit == record::Unit::count;
  const double expected = std::abs(*whole.head - *whole.base) * (adds_up ? share_of_length : 1);
  return std::abs(*shorter.head - *shorter.base) >= expected / 2;
}

}  // namespace

std::span<const char* const> preferred_metrics() { return preferred; }

Lengths run_end(CommitTrial& trial, const std::string& commit, int repetitions, const char* which) {
  try {
    trial.build(commit);
    return run_lengths(trial, repetitions);
  } catch (const NotRunnable& problem) {
    throw UserError(fmt::format("the {} end, {}, cannot be measured: {}", which, short_hash(commit), problem.what()));
  }
}

DifferingMetric differing_metric(const std::string& asked, const Measurement& good, const Measurement& bad) {
  DifferingMetric result;
  for (const Outcome wanted : {Outcome::worse, Outcome::better})
    for (const char* const metric : preferred) {
      if (!asked.empty() && asked != metric) continue;
      const auto change = change_of(metric, good, bad);
      if (change && change->outcome == wanted) return {metric, {}};
      if (change && asked == metric) result.alike = change;
    }
  return result;
}

void choose_length(const Lengths& good, const Lengths& bad, BisectionState& state) {
  const auto& metric = state.request.metric;
  const auto whole = *change_of(metric, good.front(), bad.front());
  std::size_t chosen = 0;
  for (std::size_t i = 1; i < std::min(good.size(), bad.size()); ++i) {
    const auto change = change_of(metric, good[i], bad[i]);
    const double share = static_cast<double>(good[i].iterations) / static_cast<double>(good.front().iterations);
    if (!change || !shows_it(whole, *change, share)) break;
    chosen = i;
  }
  state.iterations = good[chosen].iterations;
  state.good_value = median(good[chosen].figures.at(metric));
  state.bad_value = median(bad[chosen].figures.at(metric));
}

Attempt try_commit(CommitTrial& trial, const std::string& commit, const BisectionState& state) {
  try {
    trial.build(commit);
    const auto measured = only_one(trial.run({.iterations = state.iterations, .repetitions = state.repetitions}));
    const auto values = measured.figures.find(state.request.metric);
    if (values == measured.figures.end() || values->second.empty()) return {{}, "measured nothing"};
    return {median(values->second), {}};
  } catch (const NotRunnable& problem) {
    return {{}, problem.what()};
  }
}

}  // namespace soak::history
