#include "verdict/explain/explain.hpp"

#include <algorithm>
#include <array>

#include "verdict/evidence.hpp"
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

bool goes_on_growing(const record::Repetition& run, Reading reading) {
  Series series;
  for (const auto& checkpoint : run.checkpoints)
    if (checkpoint.kind != record::CheckpointKind::labelled && checkpoint.*reading)
      series.push_back({checkpoint.iteration, *(checkpoint.*reading)});
  const auto shape = classify(series, Reader::exact).shape;
  if (shape != Shape::unknown) return goes_on(shape);
  return !series.empty() && series.back().value > series.front().value;
}

CauseEvidence evidence_of(const record::Repetition& run) {
  return {growth_by_site(run, SiteKind::descriptor, &Checkpoint::open_files).growing,
          goes_on_growing(run, &Checkpoint::joinable_threads)};
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
  for (auto& finding : findings)
    for (const auto& explanation : explanations)
      if (finding.kind == explanation.finding_kind) explain(explanation, run, evidence, finding);
}

}  // namespace soak::verdict
