// The subcommands of soak. Each adds itself to the command line; the one that was called leaves its action behind.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace soak::cli {

/// What the called subcommand does; its result is the exit status.
using Action = std::function<int()>;

void add_run(CLI::App& app, Action& action);
void add_exec(CLI::App& app, Action& action);
void add_watch(CLI::App& app, Action& action);
void add_check(CLI::App& app, Action& action);
void add_report(CLI::App& app, Action& action);
void add_list(CLI::App& app, Action& action);
void add_suggest(CLI::App& app, Action& action);
void add_region(CLI::App& app, Action& action);
void add_selftest(CLI::App& app, Action& action);
void add_doctor(CLI::App& app, Action& action);
void add_history(CLI::App& app, Action& action);
void add_compare(CLI::App& app, Action& action);
void add_trend(CLI::App& app, Action& action);
void add_bisect(CLI::App& app, Action& action);
void add_document(CLI::App& app, Action& action);

/// For CLI11's check(): a whole number from 1 to `most`; otherwise a message that ends with `hint`.
[[nodiscard]] CLI::Validator whole_number(std::int64_t most, const std::string& hint);

}  // namespace soak::cli
