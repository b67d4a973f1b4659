// The keys of [scenario."NAME"] that make it a program of its own.
#include <fmt/format.h>

#include <algorithm>

#include "base/glob.hpp"
#include "config/keys.hpp"

namespace soak::config {
namespace {

Program& program_of(Config::ScenarioTable& table) {
  auto& program = table.settings.program;
  return program ? *program : program.emplace();
}

/// Arguments may be alike or empty, unlike names.
std::optional<std::vector<std::string>> read_arguments(const Value& value) {
  const auto* const array = value.node->as_array();
  if (array == nullptr || array->empty())
    return value.fail_type("an array of strings such as [\"./server\", \"--port\", \"{port}\"]"), std::nullopt;
  std::vector<std::string> arguments;
  for (const auto& node : *array) {
    const auto text = node.value_exact<std::string>();
    if (!text || text->find('\0') != std::string::npos)
      return value.fail("must have strings only, without NUL characters"), std::nullopt;
    arguments.push_back(*text);
  }
  return arguments;
}

/// A string is for the shell.
std::optional<std::vector<std::string>> read_command_line(const Value& value) {
  const auto text = value.node->value_exact<std::string>();
  return text && !text->empty() ? shell_command(*text) : read_arguments(value);
}

std::optional<std::vector<std::int64_t>> read_lengths(const Value& value) {
  const auto* const array = value.node->as_array();
  std::vector<std::int64_t> lengths;
  for (const auto& node : *array) {
    const auto length = read_positive_count({value.key, &node, value.key_position, value.problems});
    if (!length) return std::nullopt;
    lengths.push_back(*length);
  }
  if (lengths.empty()) return value.fail("must not be empty"), std::nullopt;
  return lengths;
}

}  // namespace

void read_command(const Value& value, Config::ScenarioTable& table) {
  if (auto command = read_arguments(value)) program_of(table).command = *std::move(command);
}

void read_program_duration(const Value& value, Config::ScenarioTable& table) {
  program_of(table).duration = read_duration(value);
}

void read_ready(const Value& value, Config::ScenarioTable& table) {
  const auto text = value.node->value_exact<std::string>();
  if (!text) return value.fail_type("a string such as \"tcp\" or \"log:listening\"");
  program_of(table).ready = *text;
}

void read_drive(const Value& value, Config::ScenarioTable& table) {
  if (auto drive = read_command_line(value)) program_of(table).drive = *std::move(drive);
}

void read_stop(const Value& value, Config::ScenarioTable& table) {
  const auto text = value.node->value_exact<std::string>();
  const bool is_signal = text && text->starts_with("SIG") && text->find(' ') == std::string::npos;
  if (is_signal)
    program_of(table).stop = {*text};
  else if (auto stop = read_command_line(value))
    program_of(table).stop = *std::move(stop);
}

void read_max_driver_failures(const Value& value, Config::ScenarioTable& table) {
  if (const auto count = read_count(value)) program_of(table).max_driver_failures = *count;
}

void read_iterations(const Value& value, Config::ScenarioTable& table) {
  if (!value.node->is_array()) {
    table.settings.iterations = read_positive_count(value);
  } else if (auto lengths = read_lengths(value)) {
    table.settings.iterations = lengths->front();
    program_of(table).lengths = *std::move(lengths);
  }
}

void check_program(const Value& scenario, Config::ScenarioTable& table) {
  auto& program = table.settings.program;
  if (!program || !scenario.problems->empty()) return;
  if (program->lengths.empty() && table.settings.iterations) program->lengths = {*table.settings.iterations};
  if (!Glob(scenario.key).is_plain())
    return scenario.fail_key("a program's table names one scenario, without '*' or '?'");
  const auto& written = *scenario.node->as_table();
  const auto problem = program->command.empty()
                           ? ProgramProblem{"command",
                                            "is missing: a scenario without one is a benchmark of a "
                                            "binary, with one number of iterations and no driver"}
                           : problem_of(*program).value_or(ProgramProblem{});
  if (problem.key.empty()) return;
  const auto position =
      written.contains(problem.key) ? written.get(problem.key)->source().begin : scenario.key_position;
  scenario.problems->add(position, fmt::format("{} {}", problem.key, problem.message));
}

}  // namespace soak::config
