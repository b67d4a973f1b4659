// The figures of a scenario that looked like a leak in its first run, and how they grew over all its runs.
#pragma once

#include <string>
#include <vector>

#include "verdict/evidence.hpp"
#include "verdict/scaling.hpp"

namespace soak::verdict {

struct Suspect {
  std::string kind;   ///< Of the finding: heap_growth, open_files, threads, children, mappings or objects.
  Reading reading;    ///< Null for objects.
  std::int64_t tolerance = 0;         ///< Growth that means nothing.
  std::vector<ScaledGrowth> lengths;  ///< Ascending; the first run among them.

  [[nodiscard]] Shape shape() const { return shape_of(lengths, tolerance); }
};

/// Of the findings that `judgement` made of the first repetition. Scaled runs that did not finish do not count.
[[nodiscard]] std::vector<Suspect> suspects_of(const record::Scenario& scenario,
                                               const config::ScenarioSettings& settings, const Judgement& judgement);

/// What all the rules find in one repetition, scaled runs left aside.
[[nodiscard]] Judgement judge_repetition(const Evidence& evidence);

/// Weighs the findings of the first run by what the scaled runs have shown: proven ones say how far they were
/// followed, those that stopped growing are dropped, the rest is `growing`.
void weigh_by_scaled_runs(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                          Judgement& judgement);

}  // namespace soak::verdict
