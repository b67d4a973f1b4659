// A metric over the commits of a branch, in git's order, and where it changed: a plain value that reports draw.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "history/find_run.hpp"
#include "record/metrics.hpp"

namespace soak::history {

inline constexpr int trend_schema_version = 1;

/// All runs of one commit.
struct TrendPoint {
  std::string commit, subject;
  std::string started_at;  ///< Of its newest run.
  std::size_t runs = 0;
  double value = 0;  ///< Median over all repetitions of all its runs.
  double low = 0, high = 0;
  double rounding_bytes = 0;  ///< What allocator granules may add to its blocks; of exact metrics in bytes.
};

/// The first commit known to have another level than the commit before it.
struct ChangePoint {
  std::size_t index = 0;            ///< Of the first point of the new level.
  std::string last_old, first_new;  ///< Commits with a run.
  std::int64_t commits = 1;         ///< That may have done it: those after last_old up to first_new.
  double before = 0, after = 0;     ///< Levels: medians.
  bool is_worse = false;
  std::optional<double> p_value;  ///< Mann-Whitney U of both levels. Empty: counted exactly, one point tells.
  std::string machine_change;     ///< What else changed there, machine or build; empty: nothing.
};

struct MetricTrend {
  std::string scenario, metric;
  record::Unit unit = record::Unit::count;
  bool is_exact = false;           ///< Counted, and the same in repeated runs of a commit as far as there are any.
  std::vector<TrendPoint> points;  ///< Oldest first.
  std::vector<ChangePoint> changes;
};

struct Trend {
  std::vector<MetricTrend> metrics;
  std::vector<std::string> notes;  ///< Sentences: which runs were left out and why.
};

[[nodiscard]] bool has_regression(const Trend& trend);

/// The contract of `soak trend --json`; docs/history.md has it. Ends with a newline.
[[nodiscard]] std::string to_json(const Trend& trend);

// From the store to trends.

struct TrendRequest {
  std::string scenario;  ///< Empty: all.
  std::string metric;    ///< Empty: all.
  std::string since;     ///< A revision; only commits after it. Empty: all.
  bool across_machines = false;
};

/// Over the commits that HEAD has behind it. Runs with uncommitted changes, of other branches, of another length than
/// the newest, and noisy metrics of another machine or build than the newest run's are left out; the notes say how
/// many. Throws UserError where the folder is in no repository, and where scenario, metric or revision are unknown;
/// StoreError.
[[nodiscard]] Trend trend_of(const TrendRequest& request, const Places& places);

}  // namespace soak::history
