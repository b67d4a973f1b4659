// Call sites with their stacks resolved, for machines.
#pragma once

#include <nlohmann/json.hpp>

#include "run/region_sites.hpp"

namespace soak::cli {

/// `sites`: most live bytes first, each with its type, the line to show, and its stack, innermost first.
/// `unattributed`: what is alive of blocks without a call site. `types`: live bytes and blocks by type, largest
/// first; `typed_blocks_percent`: of all live blocks, null where there are none.
[[nodiscard]] nlohmann::ordered_json sites_json(const run::RegionSites& sites);

}  // namespace soak::cli
