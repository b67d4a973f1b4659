// A run that has just ended goes into history.
#pragma once

#include <filesystem>
#include <string>

#include "config/config.hpp"
#include "record/record.hpp"

namespace soak::app {

/// What goes wrong is said on stderr and changes nothing else: the record in `folder` is what counts, and can be read
/// in later. `store` is the command line's, or empty.
void store_run(const record::Run& run, const std::filesystem::path& folder, const config::Config& config,
               const std::string& store) noexcept;

}  // namespace soak::app
