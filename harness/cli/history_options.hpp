// Options of the subcommands that look into history.
#pragma once

#include <CLI/CLI.hpp>

#include "app/keep_history.hpp"

namespace soak::cli {

/// `place` has to live as long as the command line is parsed.
inline void add_history_place(CLI::App& command, app::HistoryPlace& place) {
  command.add_option("-c,--config", place.config_file, "gates, names, where history is [benchmarks.toml]");
  command.add_option("--store", place.store,
                     "the history: a file, or postgresql://... [history.db among the results]");
  command.add_option("--results", place.results, "where run records are [results]");
}

}  // namespace soak::cli
