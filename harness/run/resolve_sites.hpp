// Call sites with names: stacks resolved to functions, files and lines, after the measured process has ended.
#pragma once

#include <functional>
#include <vector>

#include "record/attribution.hpp"
#include "region/region_sites.hpp"

namespace soak::run {

struct ResolvedSite {
  const region::RegionSite* counted = nullptr;  ///< As in the region.
  record::CallSite site;                        ///< Its history has the readings of the loop.
};

/// Those that `wanted` says yes to, in the region's order; what has no frames has no site. Borrows `sites`.
[[nodiscard]] std::vector<ResolvedSite> resolve_sites(const region::RegionSites& sites,
                                                      const std::function<bool(const region::RegionSite&)>& wanted);

/// The readings that were taken in the loop: the one at the program's end has no iteration.
[[nodiscard]] std::vector<record::LivePoint> loop_history(const region::RegionSite& site);

}  // namespace soak::run
