// Call sites with their stacks resolved, for machines.
#pragma once

#include <nlohmann/json.hpp>

#include "region/region_sites.hpp"
#include "region/region_types.hpp"

namespace soak::app {

/// `sites`: most live bytes first, each with its type, the line to show, and its stack, innermost first.
/// `unattributed`: what is alive of blocks without a call site. `types`: objects and their bytes by type, largest
/// first; `typed_blocks_percent`: of the live blocks whose site is known, null where there are none.
[[nodiscard]] nlohmann::ordered_json sites_json(const region::RegionSites& sites,
                                                const std::vector<region::RegionType>& types);

}  // namespace soak::app
