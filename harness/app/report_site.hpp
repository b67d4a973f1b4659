// soak report --history: the pages of an archive of runs.
#pragma once

#include <filesystem>

#include "config/config.hpp"
#include "history/find_run.hpp"

namespace soak::app {

/// Writes the pages into `folder`, which is made where it is not there. Throws UserError where it cannot be written,
/// or nothing is stored; StoreError.
void write_site(const history::Places& places, const std::filesystem::path& folder);

}  // namespace soak::app
