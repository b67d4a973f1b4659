// What `run` and `exec` have in common.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "run/soak_run.hpp"

namespace soak::cli {

struct RunOptions {
  run::RunRequest request;
  std::string config_file;
  std::int64_t iterations = 0;
  int checkpoint_count = 0;
  std::string duration;  ///< As written: "8h".
  bool gdb = false;
  bool json = false;
  bool no_confirm = false;
  bool measurements = false;
  std::string store;
  bool no_store = false;
  std::string explain = "auto";
  std::optional<std::string> report;  ///< As given; empty text: none.
};

/// The options that both take. `options` has to live as long as the command line is parsed.
void add_run_options(CLI::App& command, RunOptions& options);

/// Tables and waivers of other scenarios have no say where one is named on the command line.
void keep_tables_for(const std::string& name, config::Config& config);

/// Runs what is asked for, judges it, prints the verdict. Returns the exit status.
int run_and_judge(RunOptions& options, const config::Config& config);

}  // namespace soak::cli
