#include "config/scenario_keys.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "base/glob.hpp"
#include "base/text.hpp"
#include "config/keys.hpp"

namespace soak::config {

namespace {

Program& program_of(Config::ScenarioTable& table) {
  auto& program = table.settings.program;
  return program ? *program : program.emplace();
}

/// Reads arguments, which may be equal or empty, unlike names.
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

/// Reads arguments, or a string for the shell.
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

std::string header(std::string_view scenario) {
  return fmt::format("[scenario.\"{}\"]", sanitize(scenario, quote_length));
}

/// Handles keys with a point, which TOML reads as two tables: [scenario.RetryLoop.adaptive] means RetryLoop/adaptive.
void fail_unknown_scenario_key(const Value& entry, const std::string& scenario) {
  auto known = names_of(threshold_keys);
  for (const auto& key : scenario_keys) known.emplace_back(key.name);
  if (!entry.node->is_table()) return fail_unknown_key(entry, header(scenario), known);
  entry.fail_key(fmt::format("unknown table '{}' in {}; for a scenario of its own write {}",
                             sanitize(entry.key, quote_length), header(scenario),
                             header(scenario + "/" + entry.key)));
}

void check_warm_up(const Value& scenario, const ScenarioSettings& settings) {
  if (!settings.warm_up || !settings.iterations || *settings.warm_up < *settings.iterations) return;
  scenario.problems->add(scenario.node->as_table()->get("warm_up")->source().begin,
                         fmt::format("warm_up must be less than iterations ({})", *settings.iterations));
}

/// Notes a problem if the key is empty or has a NUL, and so cannot name anything.
bool is_name(const Value& value, std::string_view what) {
  if (value.key.empty()) value.fail_key(fmt::format("empty {}", what));
  if (value.key.find('\0') != std::string::npos) value.fail_key(fmt::format("a NUL character in the {}", what));
  return !value.key.empty() && value.key.find('\0') == std::string::npos;
}

Config::ScenarioTable read_scenario(const Value& scenario, const toml::table& table) {
  Config::ScenarioTable read;
  read.place = {scenario.key_position.line, scenario.key_position.column, {}};
  for (const auto& entry : entries(table, *scenario.problems)) {
    const bool known =
        read_if_known(threshold_keys, entry, read.settings.limits) || read_if_known(scenario_keys, entry, read);
    if (!known) fail_unknown_scenario_key(entry, scenario.key);
  }
  check_program(scenario, read);
  check_warm_up(scenario, read.settings);
  return read;
}

bool is_number(std::string_view key) { return key.find_first_not_of("0123456789") == std::string_view::npos; }

/// The iteration that a key of digits names; notes a problem if it names none.
std::optional<std::int64_t> read_iteration(const Value& checkpoint) {
  const auto& key = checkpoint.key;
  std::int64_t iteration = 0;
  if (key.starts_with('0')) {
    checkpoint.fail_key(fmt::format("{} is no iteration; iterations are counted from 1, without zeros before them",
                                    sanitize(key, quote_length)));
    return std::nullopt;
  }
  if (std::from_chars(key.data(), key.data() + key.size(), iteration).ec == std::errc{}) return iteration;
  checkpoint.fail_key(fmt::format("{} is too large for an iteration", sanitize(key, quote_length)));
  return std::nullopt;
}

std::optional<CheckpointLimits> read_checkpoint(const Value& checkpoint) {
  CheckpointLimits limits;
  if (!is_name(checkpoint, "checkpoint label")) return std::nullopt;
  if (is_number(checkpoint.key)) {
    limits.iteration = read_iteration(checkpoint);
    if (!limits.iteration) return std::nullopt;
  } else {
    limits.label = checkpoint.key;
  }
  const auto* table = checkpoint.node->as_table();
  if (table == nullptr) return checkpoint.fail_type("a table such as { heap_growth = \"64 KiB\" }"), std::nullopt;
  const auto known = names_of(checkpoint_keys);
  if (table->empty())
    return checkpoint.fail(fmt::format("limits nothing; it takes {}", fmt::join(known, ", "))), std::nullopt;
  for (const auto& entry : entries(*table, *checkpoint.problems))
    if (!read_if_known(checkpoint_keys, entry, limits))
      fail_unknown_key(entry, fmt::format("checkpoint '{}'", sanitize(checkpoint.key, quote_length)), known);
  return limits;
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

std::optional<std::vector<CheckpointLimits>> read_checkpoints(const Value& value) {
  const auto* checkpoints = value.as_table();
  if (checkpoints == nullptr) return std::nullopt;
  std::vector<CheckpointLimits> all;
  for (const auto& entry : entries(*checkpoints, *value.problems))
    if (auto limits = read_checkpoint(entry)) all.push_back(*std::move(limits));
  return all;
}

void read_scenarios(const Value& value, Config& config) {
  const auto* scenarios = value.as_table();
  if (scenarios == nullptr) return;
  for (const auto& scenario : entries(*scenarios, *value.problems)) {
    const auto* table = scenario.as_table();
    if (table != nullptr && is_name(scenario, "scenario name"))
      config.tables.emplace(scenario.key, read_scenario(scenario, *table));
  }
}

}  // namespace soak::config
