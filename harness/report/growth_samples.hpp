// What every explained call site grew by: what profiles are made of.
#pragma once

#include <cstdint>
#include <vector>

#include "report/subject.hpp"

namespace soak::report {

/// Final against baseline; negative where it became less.
struct SiteTotal {
  std::int64_t bytes = 0, count = 0;
};
/// Nothing where there is no history.
[[nodiscard]] SiteTotal growth_of(const record::CallSite& site);

struct GrowthSample {
  const record::Scenario& scenario;
  const record::CallSite& site;
  SiteTotal growth;
};

/// Of the explained run of each scenario, or of its repetition where that had call sites on, in the order recorded.
[[nodiscard]] std::vector<GrowthSample> growth_samples(const record::Run& run);

/// The attribution that stands for a scenario. Null where it ran without call sites.
[[nodiscard]] const record::Attribution* attribution_of(const record::Scenario& scenario);

}  // namespace soak::report
