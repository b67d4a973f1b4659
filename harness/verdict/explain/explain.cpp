#include "verdict/explain/explain.hpp"

#include <array>

#include "verdict/explain/likely_cause.hpp"
#include "verdict/explain/site_growth.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using record::SiteKind;

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

}  // namespace

void explain_findings(const record::Scenario& scenario, std::vector<Finding>& findings) {
  if (!scenario.explained_run) return;
  const auto& run = scenario.explained_run->repetition;
  for (auto& finding : findings)
    for (const auto& [finding_kind, site_kind, total] : explanations) {
      if (finding.kind != finding_kind) continue;
      auto [growing, caches] = growth_by_site(run, site_kind, total);
      finding.sites = std::move(growing);
      finding.caches = std::move(caches);
      finding.likely_cause = likely_cause(finding, run);
    }
}

}  // namespace soak::verdict
