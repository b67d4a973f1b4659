// The figures of a scenario that looked like a leak in its first run, and how they grew over all its runs.
#pragma once

#include <string>
#include <vector>

#include "verdict/evidence.hpp"
#include "verdict/scaling.hpp"

namespace soak::verdict {

struct Suspect {
  std::string kind;            ///< Of the finding: heap_growth, open_files, threads, children, mappings or objects.
  Reading reading;             ///< Null for objects.
  std::int64_t tolerance = 0;  ///< Growth that means nothing.
  std::vector<ScaledGrowth> lengths;  ///< Ascending, each at least half as long again as the one before.
  bool is_borne_out = true;           ///< The longest of the runs itself grew as the lengths say.
  bool rises_at_end = false;          ///< The longest run certainly rises in its last half.
  bool is_steady = false;             ///< The last halves of the two longest of three runs or more rise at one slope.
  bool has_stopped = false;           ///< The longest of three runs or more did not grow in its last half.

  /// Of the lengths. Flat where they say otherwise and growth has stopped for all that; unknown where they keep pace
  /// and the longest run does not bear them out.
  [[nodiscard]] Shape shape() const;
};

/// False of a finding that runs of other lengths say nothing about.
[[nodiscard]] bool is_suspicious(const Finding& finding);

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

}  // namespace soak::verdict
