// Options of the subcommands that look into history.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>

#include "config/config.hpp"
#include "history/find_run.hpp"

namespace soak::cli {

struct HistoryOptions {
  std::string config_file, store;
  std::filesystem::path results;

  void add_to(CLI::App& command);
  [[nodiscard]] std::string store_address(const config::Config& config) const;
  /// The repository is the one around the current folder. The config must outlive it.
  [[nodiscard]] history::Places places(const config::Config& config) const;
};

}  // namespace soak::cli
