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

/// Of one kind of site in a run that has call sites. Shares are of all that goes on growing, what no site accounts
/// for included: of `total` where the process has a reading of it at its checkpoints, the live heap for heap sites.
/// `figure` tells which of a site's figures counts: bytes of the heap and of mappings, else the number of things.
[[nodiscard]] GrowthBySite growth_by_site(const record::Repetition& run, record::SiteKind kind, Reading total);

}  // namespace soak::verdict
