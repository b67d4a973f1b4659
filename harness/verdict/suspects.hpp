// The figures of a scenario that looked like a leak in its first run, how they grew over all its runs, and what that
// makes of the findings.
#pragma once

#include <string>
#include <vector>

#include "verdict/evidence.hpp"
#include "verdict/growth.hpp"

namespace soak::verdict {

struct Suspect {
  std::string kind;  ///< Of the finding: heap_growth, open_files, threads, children, mappings or objects.
  Reading reading;   ///< Null for objects.
  FigureOverRuns figure;
  Growth growth;  ///< Of the figure.
};

/// Of the findings that `judgement` made of the first repetition. A scaled run that died is a length as far as it
/// got.
[[nodiscard]] std::vector<Suspect> suspects_of(const record::Scenario& scenario,
                                               const config::ScenarioSettings& settings, const Judgement& judgement);

/// What all the rules find in one repetition, scaled runs left aside.
[[nodiscard]] Judgement judge_repetition(const Evidence& evidence);

/// Weighs the findings of the first run by what the scaled runs have shown: proven ones say how far they were
/// followed, those that stopped growing are dropped, the rest is `growing`, or stays `inconclusive`. One run alone
/// stands as it is, unless it is the only one that there can be: then nothing is proven.
void weigh_by_scaled_runs(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                          Judgement& judgement);

/// Bytes per iteration: the smallest leak on the heap that the runs of a scenario together would have shown. Empty if
/// it ran at one length only.
[[nodiscard]] std::optional<double> smallest_leak_over_runs(const record::Scenario& scenario,
                                                            const config::ScenarioSettings& settings);

}  // namespace soak::verdict
