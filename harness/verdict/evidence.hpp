// One repetition, laid out for the rules.
#pragma once

#include <cstdint>
#include <optional>

#include "config/config.hpp"
#include "record/record.hpp"
#include "verdict/growth.hpp"
#include "verdict/verdict.hpp"

namespace soak::verdict {

using Reading = std::optional<std::int64_t> record::Checkpoint::*;

/// In bytes; all others are counts.
[[nodiscard]] bool is_bytes(Reading reading);

/// Borrows the repetition and the settings. `baseline` and `last` are null where the process did not get that far.
struct Evidence {
  const record::Scenario& scenario;
  const record::Repetition& repetition;
  const config::ScenarioSettings& settings;
  const record::Checkpoint* baseline = nullptr;
  const record::Checkpoint* last = nullptr;  ///< The final checkpoint, or the last one before the process died.
  std::int64_t warm_up = 0;                  ///< Judged are checkpoints from this iteration on.

  Evidence(const record::Scenario& scenario, const record::Repetition& repetition,
           const config::ScenarioSettings& settings);

  [[nodiscard]] bool has_final() const;
  /// Without labelled checkpoints, which stand where the scenario's author wants them, and those without the reading.
  [[nodiscard]] Series series(Reading reading) const;
  /// The same up to where it could not grow any more: descriptors, where they reached the limit of the process.
  [[nodiscard]] Series growing_series(Reading reading) const;
  /// The first checkpoint at which the process had as many descriptors as it may; null where there is none.
  [[nodiscard]] const record::Checkpoint* full_of_descriptors() const;
  /// Of the part after warm-up.
  [[nodiscard]] std::optional<WindowedGrowth> windowed(Reading reading) const;
  /// Last against baseline.
  [[nodiscard]] std::optional<std::int64_t> growth(Reading reading) const;
  /// Of live heap, last against baseline, as far as expected_growth says that it may grow.
  [[nodiscard]] std::int64_t expected_heap_growth() const;
  /// Highest resident memory known since the baseline, also between checkpoints.
  [[nodiscard]] std::optional<std::int64_t> peak_rss_bytes() const;
};

/// What the rules found out about a repetition, or a scenario.
struct Judgement {
  Verdict verdict = Verdict::pass;
  std::vector<Finding> findings;

  /// The worse of the verdicts stays.
  void add(Verdict found, Finding finding);
  /// A limit is set for something that was not measured.
  void add_missing(std::string message);
};

/// The greater, the earlier it decides: leak, over_threshold, error, growing, inconclusive, pass.
[[nodiscard]] int rank(Verdict verdict);
/// What decides among them; pass where there are none.
[[nodiscard]] Verdict worst_of(const std::vector<Finding>& findings);

// The rules. Each adds its findings to `judgement`.

/// Did the process do what was planned and leave its readings? False: nothing else can be judged.
[[nodiscard]] bool judge_completeness(const Evidence& evidence, Judgement& judgement);
/// Live heap an iteration.
void judge_heap(const Evidence& evidence, Judgement& judgement);
/// Resident memory, where the heap was not counted, by `limit` bytes an iteration.
void judge_resident_alone(const Evidence& evidence, double limit, Judgement& judgement);
/// How growth of resident memory and that of live heap, `heap`, go together: the rest of a sentence.
[[nodiscard]] std::string beside_live_heap(const Evidence& evidence, std::int64_t growth, std::int64_t heap);
/// Resident memory and address space.
void judge_resident(const Evidence& evidence, Judgement& judgement);
/// Open files, threads, children.
void judge_counts(const Evidence& evidence, Judgement& judgement);
/// Of a process that died: open files, where it died of having too many.
void judge_descriptor_limit(const Evidence& evidence, Judgement& judgement);
/// Live objects of any one type, where types were counted.
void judge_objects(const Evidence& evidence, Judgement& judgement);
/// The limits of single checkpoints.
void judge_checkpoints(const Evidence& evidence, Judgement& judgement);

/// Takes out the growth of live heap that stayed within expected_growth in all runs of the scenario. Scaled runs have
/// been weighed before: confirm goes on until growth stops or exceeds what was expected, so that no leak hides in it.
void leave_out_expected_growth(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                               Judgement& judgement);
/// Bytes an iteration: a leak up to this may hide in what is expected, where the longest run still grew at its end; 0
/// where nothing can.
[[nodiscard]] double leak_hidden_by_expected_growth(const record::Scenario& scenario,
                                                    const config::ScenarioSettings& settings);

/// Bytes an iteration after warm-up; from the baseline on where there is too little after warm-up.
[[nodiscard]] std::optional<double> heap_growth_per_iteration(const Evidence& evidence);
/// What rounding alone can move live heap by while the number of blocks is flat; 0 where that is not.
[[nodiscard]] std::int64_t rounding_bytes(const Evidence& evidence);
/// That growth is what noise or rounding makes: its windows overlap, or the blocks are flat and the bytes moved
/// little.
[[nodiscard]] bool is_heap_growth_noise(const Evidence& evidence);
/// Bytes an iteration. A leak faster than this, whatever the size of its blocks, judge_heap would have found in the
/// noise of this repetition; empty where it had too little to judge.
[[nodiscard]] std::optional<double> smallest_leak_seen(const Evidence& evidence);

/// The same of judge_resident_alone.
[[nodiscard]] std::optional<double> smallest_resident_leak_seen(const Evidence& evidence, double limit);

/// Of the larger of resident growth and live heap growth projected to one day at the measured speed.
[[nodiscard]] config::Severity severity_of(const Evidence& evidence, const config::SeverityScale& scale);

}  // namespace soak::verdict
