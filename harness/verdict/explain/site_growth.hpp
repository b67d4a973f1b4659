// Which call sites grow, at what rate, and which have filled and stopped.
#pragma once

#include <vector>

#include "verdict/evidence.hpp"
#include "verdict/verdict.hpp"

namespace soak::verdict {

struct GrowthBySite {
  std::vector<SiteGrowth> growing;  ///< The line that grows most comes first, with all its types.
  std::vector<SiteGrowth> caches;   ///< The largest first.
};

/// Of one kind of site in a run that has call sites. What counts is bytes for the heap and for mappings, else the
/// number of things. Shares are of all that goes on growing, what no site accounts for included: that is what
/// `total`, the process's own reading of it, grew by beyond its sites.
[[nodiscard]] GrowthBySite growth_by_site(const record::Repetition& run, record::SiteKind kind, Reading total);

}  // namespace soak::verdict
