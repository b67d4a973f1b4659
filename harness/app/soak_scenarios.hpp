// soak run, and what exec and watch have in common with it: scenarios run, are judged, and everybody is told.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "app/run_result.hpp"
#include "config/config.hpp"
#include "run/soak_run.hpp"

namespace soak::app {

struct RunOptions {
  run::RunRequest request;
  std::string config_file;
  Following following;
  bool gdb = false;                   ///< Start the one selected scenario under a debugger instead.
  bool json = false;                  ///< The verdict for machines, on stdout.
  bool measurements = false;          ///< Print the figures for CTest's dashboard as well.
  std::string store;                  ///< The history it is added to; empty: the config's.
  bool is_stored = true;              ///< Add it to the history.
  std::optional<std::string> report;  ///< Formats as given; empty text: none; nothing: the config's.
};

/// Tables and waivers of other scenarios have no say if one is named on the command line.
void keep_tables_for(const std::string& name, config::Config& config);

/// Runs what is asked for, judges it, prints the verdict, writes verdict.json and reports, adds it to the history.
/// Returns the exit status. Throws UserError before anything runs if the request cannot be carried out.
[[nodiscard]] int soak_scenarios(RunOptions options, const config::Config& config);

/// The time of `option`, longer than nothing. Throws UserError that names the option.
[[nodiscard]] std::chrono::milliseconds duration_of(const char* option, const std::string& text);

}  // namespace soak::app
