// One repetition, laid out for the rules.
#pragma once

#include <cstdint>
#include <optional>

#include "config/config.hpp"
#include "record/record.hpp"
#include "verdict/series.hpp"
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
  /// The series from warm-up on.
  [[nodiscard]] Series judged_series(Reading reading) const;
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

}  // namespace soak::verdict
