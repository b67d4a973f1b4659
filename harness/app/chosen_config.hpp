// The benchmarks.toml that a subcommand goes by.
#pragma once

#include <filesystem>
#include <string>

#include "config/config.hpp"

namespace soak::app {

/// `file`, as given with --config; if none was, ./benchmarks.toml, or the defaults if there is no such file. Throws
/// UserError.
[[nodiscard]] inline config::Config chosen_config(const std::string& file) {
  if (!file.empty()) return config::load_config(file);
  return std::filesystem::exists("benchmarks.toml") ? config::load_config("benchmarks.toml")
                                                    : config::default_config();
}

}  // namespace soak::app
