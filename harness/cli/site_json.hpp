// Call sites with their stacks resolved, for machines.
#pragma once

#include <nlohmann/json.hpp>

#include "run/region_sites.hpp"
#include "run/region_types.hpp"

namespace soak::cli {

/// `sites`: most live bytes first, each with its type, the line to show, and its stack, innermost first.
/// `unattributed`: what is alive of blocks without a call site. `types`: objects and their bytes by type, largest
/// first; `typed_blocks_percent`: of the live blocks whose site is known, null where there are none.
[[nodiscard]] nlohmann::ordered_json sites_json(const run::RegionSites& sites,
                                                const std::vector<run::RegionType>& types);

}  // namespace soak::cli
