// What the scaled runs make of the findings of the first one.
#include <fmt/format.h>

#include <algorithm>

#include "base/units.hpp"
#include "verdict/suspects.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;

// Most telling first.
const Suspect* strongest(const std::vector<Suspect>& suspects, const std::string& kind) {
  const Suspect* strongest = nullptr;
  for (const auto& suspect : suspects)
    if (suspect.kind == kind && (strongest == nullptr || suspect.shape() > strongest->shape())) strongest = &suspect;
  return strongest;
}

// "12 KiB after 1,000, 47 KiB after 4,000, 188 KiB after 16,000 iterations"
std::string told(const Suspect& suspect) {
  std::string text;
  for (const auto& [iterations, growth] : suspect.lengths)
    text += fmt::format(
        "{}{} after {}", text.empty() ? "" : ", ",
        is_bytes(suspect.reading) ? format_bytes(static_cast<double>(growth)) : std::to_string(growth), iterations);
  return text + " iterations";
}

// "; the run of 64000 iterations died after 40123: died of signal 9 (Killed)"
std::string how_a_run_died(const record::Scenario& scenario) {
  const auto died = std::ranges::find_if(scenario.scaled_runs, [](const record::ScaledRun& run) {
    return run.repetition.ending != record::Ending::finished;
  });
  if (died == scenario.scaled_runs.end()) return {};
  const auto& checkpoints = died->repetition.checkpoints;
  const auto after = checkpoints.empty() ? "" : fmt::format(" after {}", checkpoints.back().iteration);
  return fmt::format("; the run of {} iterations died{}: {}", died->iterations, after, died->repetition.message);
}

std::string why_not_proven(const Suspect& suspect, Shape shape) {
  if (suspect.lengths.size() < 3) return "it could be run at too few lengths to prove a leak";
  if (shape != Shape::unknown) return fmt::format("its growth slows down ({})", to_string(shape));
  return suspect.is_borne_out ? "its growth begins with the longest run"
                              : "longer runs end higher, but the longest does not itself grow as much";
}

// A limit on a count stays exceeded when the count no longer grows; growth of the heap that stopped was warm-up.
bool is_settled(const Suspect& suspect, Finding& finding) {
  if (suspect.reading == &Checkpoint::heap_bytes) return true;
  finding.verdict = Verdict::over_threshold;
  finding.message += "; it does not grow with the iterations: " + told(suspect);
  return false;
}

// False: the finding is to be dropped.
bool weigh(const record::Scenario& scenario, const Suspect& suspect, Finding& finding) {
  finding.shape = suspect.shape();
  finding.confirmed = suspect.lengths;
  finding.per_iteration = growth_per_iteration(suspect.lengths);
  if (finding.shape != Shape::unknown && !goes_on(finding.shape)) return !is_settled(suspect, finding);
  if (keeps_pace(finding.shape)) {
    finding.verdict = Verdict::leak;
    finding.message += fmt::format("; {} to {} iterations: {}{}", to_string(finding.shape),
                                   suspect.lengths.back().iterations, told(suspect), how_a_run_died(scenario));
    return true;
  }
  // What noise hid in the first run, and no other could be compared with, stays hidden.
  const bool stays_hidden = finding.verdict == Verdict::inconclusive && finding.shape == Shape::unknown;
  if (!stays_hidden) finding.verdict = Verdict::growing;
  finding.message +=
      fmt::format("; {}: {}{}", why_not_proven(suspect, finding.shape), told(suspect), how_a_run_died(scenario));
  return true;
}

// What has a limit in bytes an iteration has not exceeded it for certain. A limit on a count is exceeded, whatever
// would become of it.
void leave_unproven(Judgement& judgement) {
  for (auto& finding : judgement.findings) {
    if (finding.verdict != Verdict::leak) continue;
    finding.verdict = finding.kind == "heap_growth" ? Verdict::growing : Verdict::over_threshold;
    finding.message += "; it cannot be scaled, and growth at one length alone proves no leak";
  }
}

}  // namespace

bool is_suspicious(const Finding& finding) {
  // Live heap above a limit in bytes at one checkpoint: that is judged in the planned run only.
  return finding.kind != "heap_growth" || finding.verdict != Verdict::over_threshold;
}

void weigh_by_scaled_runs(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                          Judgement& judgement) {
  if (scenario.scaled_runs.empty()) {
    if (!scenario.is_fixed || scenario.measured != record::Measured::in_loop) return;
    leave_unproven(judgement);
  } else {
    const auto suspects = suspects_of(scenario, settings, judgement);
    std::erase_if(judgement.findings, [&](Finding& finding) {
      const auto* const suspect = is_suspicious(finding) ? strongest(suspects, finding.kind) : nullptr;
      return suspect != nullptr && !weigh(scenario, *suspect, finding);
    });
  }
  judgement.verdict = worst_of(judgement.findings);
}

}  // namespace soak::verdict
