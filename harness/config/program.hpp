// A program to be soaked as it is: how it is started, driven and stopped. From benchmarks.toml or the command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace soak::config {

/// Texts may hold the placeholders {iterations}, {iteration}, {port} and {pid}; `{{name}}` is a literal `{name}`, and
/// braces around anything but lower-case letters and underscores are left alone.
struct Program {
  std::vector<std::string> command;                   ///< The program, looked for in PATH, and its arguments.
  std::vector<std::int64_t> lengths;                  ///< Values of {iterations}, or numbers of drives; ascending.
  std::optional<std::chrono::milliseconds> duration;  ///< How long it is watched while it runs on.
  std::string ready;               ///< `tcp`, `tcp:PORT`, `http://...`, `log:REGEX`; empty: once it runs.
  std::vector<std::string> drive;  ///< A command, once an iteration or, without lengths, a single long one.
  std::vector<std::string> stop;   ///< A command; one element that begins with SIG is a signal. Empty: SIGTERM.
  std::int64_t max_driver_failures = 0;

  /// Its drives count the iterations.
  [[nodiscard]] bool is_driven_by_iterations() const { return !drive.empty() && !lengths.empty(); }
  /// It runs until it is stopped; else it ends by itself.
  [[nodiscard]] bool runs_on() const { return duration.has_value() || !drive.empty(); }
  /// Some text of its has {port}, or `ready` is `tcp`: it is to be given one.
  [[nodiscard]] bool needs_port() const;

  bool operator==(const Program&) const = default;
};

/// A part of a Program that cannot be as it is.
struct ProgramProblem {
  std::string_view key;  ///< As in benchmarks.toml; on the command line `command` is what stands behind `--`.
  std::string message;
};
/// The first of them; empty where the program can be run.
[[nodiscard]] std::optional<ProgramProblem> problem_of(const Program& program);

/// SIGTERM and its likes; empty for what does not end a process.
[[nodiscard]] std::optional<int> signal_named(std::string_view name);

/// `run ./their --count {iterations}` as argv of a shell.
[[nodiscard]] std::vector<std::string> shell_command(const std::string& text);

using Placeholders = std::map<std::string, std::string, std::less<>>;
/// With the values filled in. Precondition: every placeholder has one; see problem_of.
[[nodiscard]] std::string filled_in(std::string_view text, const Placeholders& values);
[[nodiscard]] std::vector<std::string> filled_in(const std::vector<std::string>& texts, const Placeholders& values);
/// The names of the placeholders in a text, in their order.
[[nodiscard]] std::vector<std::string> placeholders_in(std::string_view text);

}  // namespace soak::config
