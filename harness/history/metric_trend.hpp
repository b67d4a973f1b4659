// A metric over the commits of a branch, in git's order, and the commits that changed it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "history/find_run.hpp"
#include "record/record_names.hpp"

namespace soak::history {

inline constexpr int trend_schema_version = 1;

/// All runs of one commit.
struct TrendPoint {
  std::string commit, subject;
  std::string started_at;  ///< The newest run's.
  std::size_t runs = 0;
  double value = 0;  ///< Median over all repetitions of all its runs.
  double low = 0, high = 0;
  double rounding_bytes = 0;  ///< What allocator granules may add to its blocks; for exact metrics in bytes.
};

/// A change: the first commit known to have another level than the commit before it.
struct ChangePoint {
  std::size_t index = 0;            ///< The first point of the new level.
  std::string last_old, first_new;  ///< Commits with a run.
  std::int64_t commits = 1;         ///< Suspects: the commits after last_old up to first_new.
  double before = 0, after = 0;     ///< The levels, as medians.
  bool is_worse = false;
  std::optional<double> p_value;  ///< Mann-Whitney U of both levels. Empty: exact, so that one point shows it.
  std::string machine_change;     ///< What else changed there, machine or build; empty: nothing.
};

struct MetricTrend {
  std::string scenario, metric;
  record::Unit unit = record::Unit::count;
  bool is_exact = false;           ///< A count, the same in all runs of each commit.
  std::vector<TrendPoint> points;  ///< Oldest first.
  std::vector<ChangePoint> changes;
};

struct Trend {
  std::vector<MetricTrend> metrics;
  std::vector<std::string> notes;  ///< Sentences that say which runs were left out and why.
};

[[nodiscard]] bool has_regression(const Trend& trend);

/// The contract of `soak trend --json`; docs/history.md has it. Ends with a newline.
[[nodiscard]] std::string to_json(const Trend& trend);

// --- From the store to trends

struct TrendRequest {
  std::string scenario;  ///< Empty: all.
  std::string metric;    ///< Empty: all.
  std::string since;     ///< A revision; only commits after it. Empty: all.
  bool across_machines = false;
};

/// The trends over HEAD and its ancestors. Leaves out runs with uncommitted changes, of other branches, or of another
/// length than the newest, and noisy metrics of another machine or build than the newest run's; the notes say how
/// many. Throws UserError if the folder is not in a repository, or scenario, metric or revision are unknown;
/// StoreError.
[[nodiscard]] Trend trend_of(const TrendRequest& request, const Places& places);

}  // namespace soak::history
