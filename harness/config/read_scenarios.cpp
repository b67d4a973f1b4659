// [scenario."NAME"] and [scenario."NAME".checkpoints].
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "config/keys.hpp"

namespace soak::config {
namespace {

std::string header(std::string_view scenario) {
  return fmt::format("[scenario.\"{}\"]", sanitize(scenario, quote_length));
}

/// A TOML key with a point in it is two tables: [scenario.RetryLoop.adaptive] is meant as RetryLoop/adaptive.
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

/// Empty names and NULs cannot be the names of anything.
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

/// The iteration that a key of digits names; a problem where it names none.
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
