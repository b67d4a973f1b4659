#include "verdict/explain/explain.hpp"

#include <algorithm>
#include <array>

#include "verdict/evidence.hpp"
#include "verdict/explain/end_of_run.hpp"
#include "verdict/explain/likely_cause.hpp"
#include "verdict/explain/site_growth.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using record::SiteKind;

constexpr double least_share = 0.01;
constexpr std::size_t most_rows = 20;

/// What findings of a kind are made of.
struct Explanation {
  const char* finding_kind;
  SiteKind site_kind;
  Reading total;  ///< The process's own reading of it.
};
constexpr std::array explanations{
    Explanation{"heap_growth", SiteKind::heap, &Checkpoint::heap_bytes},
    Explanation{"open_files", SiteKind::descriptor, &Checkpoint::open_files},
    Explanation{"threads", SiteKind::thread, &Checkpoint::joinable_threads},
    Explanation{"children", SiteKind::child, &Checkpoint::children},
    Explanation{"mappings", SiteKind::mapping, &Checkpoint::vms_bytes},
};
/// Of a process that came to no good end while its live heap grew.
constexpr std::array deaths{
    Explanation{"crash", SiteKind::heap, &Checkpoint::heap_bytes},
    Explanation{"timeout", SiteKind::heap, &Checkpoint::heap_bytes},
    Explanation{"missing", SiteKind::heap, &Checkpoint::heap_bytes},
};

CauseEvidence evidence_of(const record::Repetition& run) {
  return {growth_by_site(run, SiteKind::descriptor, &Checkpoint::open_files).growing,
          was_growing(run, &Checkpoint::joinable_threads)};
}

/// Few enough to read; what makes less than a hundredth is left out.
std::vector<SiteGrowth> worth_telling(std::vector<SiteGrowth> growing) {
  std::erase_if(growing, [](const SiteGrowth& growth) { return growth.share < least_share; });
  growing.resize(std::min(growing.size(), most_rows));
  return growing;
}

void explain(const Explanation& explanation, const record::Repetition& run, const CauseEvidence& evidence,
             Finding& finding) {
  auto [growing, caches] = growth_by_site(run, explanation.site_kind, explanation.total);
  finding.likely_cause = likely_cause(finding.kind, growing, evidence);
  finding.sites = worth_telling(std::move(growing));
  finding.caches = std::move(caches);
  finding.caches.resize(std::min(finding.caches.size(), most_rows));
}

}  // namespace

void explain_findings(const record::Scenario& scenario, std::vector<Finding>& findings) {
  if (!scenario.explained_run || findings.empty()) return;
  const auto& run = scenario.explained_run->repetition;
  const auto evidence = evidence_of(run);
  const auto explain_by = [&](const auto& table) {
    for (auto& finding : findings)
      for (const auto& explanation : table)
        if (finding.kind == explanation.finding_kind) explain(explanation, run, evidence, finding);
  };
  explain_by(explanations);
  if (std::ranges::any_of(scenario.repetitions, died_growing)) explain_by(deaths);
}

std::string why_not_explained(const record::Scenario& scenario) {
  if (!scenario.explained_run) return {};
  const auto& run = scenario.explained_run->repetition;
  if (!run.attribution) return "the run that was to explain it has no call sites";
  if (!run.attribution->unavailable.empty()) return run.attribution->unavailable;
  const bool has_readings =
      std::ranges::any_of(run.attribution->sites, [](const auto& site) { return !site.history.empty(); });
  if (has_readings) return {};
  return run.message.empty() ? "it left no reading of its call sites" : run.message;
}

}  // namespace soak::verdict
