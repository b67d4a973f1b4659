// The rules for a program that is measured at its end: what is alive then is as much what it needs as what it leaked,
// and only runs of different lengths distinguish the two.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "verdict/evidence.hpp"
#include "verdict/growth.hpp"

namespace soak::verdict {

/// One figure at the end of each run that finished.
struct EndFigure {
  const char* kind;  ///< Of the finding.
  Reading reading;
  FigureOverRuns
      over_runs;  ///< Growth is against the shortest run; `tolerance` is what runs of one length lay apart.
};

/// Live heap, open files and joinable threads, as far as they were measured.
[[nodiscard]] std::vector<EndFigure> end_figures(const record::Scenario& scenario);

/// The judgement of such a scenario, figures filled in; `verdict` comes with its name and limits.
void judge_by_lengths(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                      ScenarioVerdict& verdict);

/// Some figure neither keeps pace over three lengths nor has stopped, or there are not two lengths yet.
[[nodiscard]] bool is_undecided_by_lengths(const record::Scenario& scenario);

}  // namespace soak::verdict
