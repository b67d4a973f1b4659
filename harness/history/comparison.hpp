// The comparison of two runs: a plain value that reports show.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "history/measurement.hpp"
#include "record/record_names.hpp"

namespace soak::history {

inline constexpr int comparison_schema_version = 1;

enum class Outcome {
  same,                 ///< Equal, or no further apart than noise or rounding.
  better,               ///< Smaller.
  worse,                ///< Greater.
  too_few_repetitions,  ///< Noisy, and so few values can never differ significantly.
  refused,              ///< Measured on different machines or builds.
  not_measured,         ///< On one side, or on both.
};

enum class GateOutcome { none, kept, broken, undecided };

/// One metric of a scenario on both sides.
struct MetricChange {
  std::string metric;  ///< See record/metrics.hpp.
  record::Unit unit = record::Unit::count;
  bool is_exact = false;  ///< Compared as a count; false if its own repetitions differ.
  Outcome outcome = Outcome::not_measured;
  std::optional<double> base = {}, head = {};  ///< Medians over the repetitions.
  double base_low = 0, base_high = 0;          ///< The lowest and highest repetition.
  double head_low = 0, head_high = 0;
  std::size_t base_repetitions = 0, head_repetitions = 0;
  std::optional<double> p_value = {};        ///< Mann-Whitney U, two-sided; for noisy metrics.
  std::optional<double> greater_share = {};  ///< Share of pairs of repetitions with head above base: 0 to 1.
  std::optional<double> ratio = {};          ///< head / base; for noisy metrics the Hodges-Lehmann estimate.
  std::string note = {};                     ///< Why it could not be compared, or what to know; a clause.
  GateOutcome gate = GateOutcome::none;
  std::string gate_limit = {};  ///< As it stands in benchmarks.toml: "+0 %".
};

/// One reading over both runs.
struct CurvePair {
  std::string reading;  ///< `heap_bytes`, ...
  std::vector<std::int64_t> base_iterations, base_values, head_iterations, head_values;
  std::optional<std::int64_t> first_difference;  ///< Iteration of the first checkpoint whose growth differs. Empty:
                                                 ///< none does, or the runs have different checkpoints.
  std::int64_t largest_difference = 0;           ///< Between growth against the baseline: head less base.
};

enum class Difference { appeared, gone, grown, shrunk };

struct SiteChange {
  Difference difference = Difference::appeared;
  SiteTotals site;  ///< As in head; as in base if it is gone.
  double base_bytes_per_iteration = 0, head_bytes_per_iteration = 0;
  double base_count_per_iteration = 0, head_count_per_iteration = 0;
  double base_made_per_iteration = 0, head_made_per_iteration = 0;
};

struct TypeChange {
  Difference difference = Difference::appeared;
  std::string name;
  double base_bytes_per_iteration = 0, head_bytes_per_iteration = 0;
  double base_count_per_iteration = 0, head_count_per_iteration = 0;
};

struct ScenarioComparison {
  std::string name;                        ///< In head.
  std::string base_name;                   ///< The same unless it was renamed.
  std::string base_verdict, head_verdict;  ///< Empty: not judged.
  std::int64_t base_iterations = 0, head_iterations = 0;
  std::vector<MetricChange> metrics;  ///< Each that either side has, in the order of record::metrics.
  std::vector<CurvePair> curves;      ///< One per reading that both sides have.
  std::vector<SiteChange> sites;      ///< Largest change first.
  std::vector<TypeChange> types;
  std::string sites_note;  ///< Why sites were not compared, or only in part.

  [[nodiscard]] bool verdict_changed() const { return base_verdict != head_verdict; }
};

/// A property in which two machines or builds differ.
struct FingerprintDifference {
  std::string key, base, head;  ///< An empty value: not known.
};

struct Comparison {
  std::string base_asked, head_asked;  ///< As the command line named them.
  RunInfo base, head;
  std::vector<FingerprintDifference> fingerprint_differences;
  bool across_machines = false;               ///< Times and resident memory were compared nevertheless.
  std::vector<ScenarioComparison> scenarios;  ///< On both sides: changed verdicts first, then other changes.
  std::vector<std::string> only_in_base, only_in_head;
  std::vector<std::string> notes;  ///< Sentences about both sides: uncommitted changes, an incomplete run, ...
  std::size_t broken_gates = 0, undecided_gates = 0;
};

/// Did anything change: the verdict, a metric for better or worse, a site, a type?
[[nodiscard]] bool has_changes(const ScenarioComparison& scenario);

[[nodiscard]] std::string to_string(Outcome outcome);
[[nodiscard]] std::string to_string(GateOutcome outcome);
[[nodiscard]] std::string to_string(Difference difference);

/// Names source files of call sites relative to `folder`, an absolute path, if they lie in it.
void name_files_relative_to(const std::string& folder, Comparison& comparison);

/// The contract of `soak compare --json`; docs/history.md has it. Ends with a newline.
[[nodiscard]] std::string to_json(const Comparison& comparison);

}  // namespace soak::history
