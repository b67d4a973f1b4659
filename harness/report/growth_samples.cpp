#include "report/growth_samples.hpp"

namespace soak::report {

const record::Attribution* attribution_of(const record::Scenario& scenario) {
  if (scenario.explained_run && scenario.explained_run->repetition.attribution)
    return &*scenario.explained_run->repetition.attribution;
  for (const auto& repetition : scenario.repetitions)
    if (repetition.attribution) return &*repetition.attribution;
  return nullptr;
}

SiteTotal growth_of(const record::CallSite& site) {
  if (site.history.empty()) return {};
  const auto &first = site.history.front(), &last = site.history.back();
  return {last.bytes - first.bytes, last.count - first.count};
}

std::vector<GrowthSample> growth_samples(const record::Run& run) {
  std::vector<GrowthSample> samples;
  for (const auto& scenario : run.scenarios) {
    const auto* const attribution = attribution_of(scenario);
    if (attribution == nullptr) continue;
    for (const auto& site : attribution->sites) samples.push_back({scenario, site, growth_of(site)});
  }
  return samples;
}

}  // namespace soak::report
