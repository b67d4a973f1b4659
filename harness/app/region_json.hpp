// soak region: what the probe left in a region, as JSON.
#pragma once

#include <filesystem>

namespace soak::app {

/// Prints the totals, `sites` (most live bytes first, each with its type, the line to show, and its stack, innermost
/// first), `unattributed` (what is alive of blocks without a call site), `types` (objects and their bytes, largest
/// first) and `typed_blocks_percent` (of the live blocks whose site is known; null if there are none). Returns the
/// exit status. Throws UserError if the file is not a region.
[[nodiscard]] int print_region(const std::filesystem::path& file);

}  // namespace soak::app
