// The subcommands of soak. Each adds itself to the command line; the one that was called leaves its action behind.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "app/exit_status.hpp"
#include "config/config.hpp"

namespace soak::cli {

/// What the called subcommand does; its result is the exit status.
using Action = std::function<int()>;

void add_run(CLI::App& app, Action& action);
void add_check(CLI::App& app, Action& action);
void add_report(CLI::App& app, Action& action);
void add_list(CLI::App& app, Action& action);
void add_region(CLI::App& app, Action& action);
void add_exec(CLI::App& app, Action& action);
void add_document(CLI::App& app, Action& action);
void add_watch(CLI::App& app, Action& action);
void add_selftest(CLI::App& app, Action& action);
void add_doctor(CLI::App& app, Action& action);
void add_suggest(CLI::App& app, Action& action);
void add_history(CLI::App& app, Action& action);
void add_compare(CLI::App& app, Action& action);
void add_trend(CLI::App& app, Action& action);
void add_bisect(CLI::App& app, Action& action);

/// --config FILE, or ./benchmarks.toml where there is one, or the defaults.
[[nodiscard]] config::Config chosen_config(const std::string& file);

}  // namespace soak::cli
