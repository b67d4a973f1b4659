#include "verdict/suggest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/glob.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "verdict/heap_rule.hpp"

namespace soak::verdict {
namespace {

using config::Limits;
using record::Checkpoint;

constexpr std::int64_t kib = 1024, mib = 1024 * kib, gib = 1024 * mib;
constexpr std::int64_t least_margin_bytes = 512 * kib;
constexpr double margin_of_few = 0.5, margin_of_several = 0.25, heap_margin = 0.25;
constexpr std::size_t several = 3;

constexpr std::string_view explanation =
    "# Resident memory and address space: the highest that was measured, and as margin half of it (a quarter from "
    "three\n"
    "# repetitions on), twice the spread between repetitions or 512 KiB, whichever is most, rounded up. Live heap "
    "an\n"
    "# iteration: a quarter more than measured. Counts are exact and have no margin.\n";

// ---- what was measured ----

/// Of all repetitions of a scenario, in all runs.
using Measured = std::vector<double>;
using Figure = std::function<std::optional<double>(const Evidence&)>;

struct Repetitions {
  std::vector<Evidence> evidence;
  std::string refused;  ///< Why nothing is suggested; empty otherwise.
};

std::optional<Measured> measured(const Repetitions& repetitions, const Figure& figure) {
  Measured values;
  for (const auto& evidence : repetitions.evidence) {
    const auto value = figure(evidence);
    if (!value) return {};
    values.push_back(std::max(*value, 0.0));
  }
  return values.empty() ? std::nullopt : std::optional(std::move(values));
}

Figure growth_of(Reading reading) {
  return [reading](const Evidence& evidence) -> std::optional<double> {
    const auto growth = evidence.growth(reading);
    return growth ? std::optional(static_cast<double>(*growth)) : std::nullopt;
  };
}

/// What the limit would have to be at least: growth that expected_growth leaves aside is not in it.
Figure resident_growth() {
  return [](const Evidence& evidence) -> std::optional<double> {
    const auto growth = evidence.growth(&Checkpoint::rss_bytes);
    return growth ? std::optional(static_cast<double>(*growth - evidence.expected_heap_growth())) : std::nullopt;
  };
}

std::optional<double> peak(const Evidence& evidence) {
  const auto bytes = evidence.peak_rss_bytes();
  return bytes ? std::optional(static_cast<double>(*bytes)) : std::nullopt;
}

std::optional<double> peak_growth(const Evidence& evidence) {
  const auto bytes = evidence.peak_rss_bytes();
  if (!bytes || evidence.baseline == nullptr || !evidence.baseline->rss_bytes) return {};
  return static_cast<double>(*bytes - *evidence.baseline->rss_bytes - evidence.expected_heap_growth());
}

/// Running, or ended and not joined: as the rule takes them.
std::optional<double> threads(const Evidence& evidence) {
  const auto running = evidence.growth(&Checkpoint::threads);
  const auto unjoined = evidence.growth(&Checkpoint::joinable_threads);
  if (!running && !unjoined) return {};
  return static_cast<double>(std::max(running.value_or(0), unjoined.value_or(0)));
}

/// What noise makes is no growth.
std::optional<double> heap_growth(const Evidence& evidence) {
  return is_heap_growth_noise(evidence) ? std::optional(0.0) : heap_growth_per_iteration(evidence);
}

// ---- what it makes of a limit ----

double with_margin(const Measured& values) {
  const auto [lowest, highest] = std::ranges::minmax(values);
  const auto part = highest * (values.size() < several ? margin_of_few : margin_of_several);
  const auto bytes = highest + std::max({part, 2 * (highest - lowest), static_cast<double>(least_margin_bytes)});
  return static_cast<double>(rounded_up(static_cast<std::int64_t>(std::ceil(bytes))));
}

double whole_bytes_with_margin(const Measured& values) {
  return std::ceil(std::ranges::max(values) * (1 + heap_margin));
}

double highest(const Measured& values) { return std::ranges::max(values); }

/// "768 KiB", "1.25 MiB", "32 MiB": whole bytes, as rounded_up makes them.
std::string toml_size(double value) {
  const auto bytes = static_cast<std::int64_t>(value);
  for (const auto& [unit, name] : {std::pair{gib, "GiB"}, {mib, "MiB"}, {kib, "KiB"}})
    if (bytes >= unit && bytes % (unit / 4) == 0)
      return fmt::format("\"{} {}\"", static_cast<double>(bytes) / static_cast<double>(unit), name);
  return fmt::format("\"{} B\"", bytes);
}

std::string toml_count(double value) { return fmt::format("{:.0f}", value); }
std::string count_text(double value) { return fmt::format("{:.0f}", value); }

struct Rule {
  const char* key;
  std::function<std::optional<double>(const Limits&)> limit;
  Figure figure;
  double (*suggested)(const Measured& values);
  std::string (*toml)(double value);
  std::string (*text)(double value);
};

template <typename Value>
auto limit_in(std::optional<Value> Limits::*field) {
  return [field](const Limits& limits) -> std::optional<double> {
    return limits.*field ? std::optional(static_cast<double>(*(limits.*field))) : std::nullopt;
  };
}

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = {
      {"final_growth", limit_in(&Limits::final_growth_bytes), resident_growth(), with_margin, toml_size,
       format_bytes},
      {"peak_growth", limit_in(&Limits::peak_growth_bytes), peak_growth, with_margin, toml_size, format_bytes},
      {"peak_rss", limit_in(&Limits::peak_rss_bytes), peak, with_margin, toml_size, format_bytes},
      {"vms_growth", limit_in(&Limits::vms_growth_bytes), growth_of(&Checkpoint::vms_bytes), with_margin, toml_size,
       format_bytes},
      {"heap_growth_per_iteration", limit_in(&Limits::heap_growth_bytes_per_iteration), heap_growth,
       whole_bytes_with_margin, toml_size, format_bytes},
      {"open_files_growth", limit_in(&Limits::open_files_growth), growth_of(&Checkpoint::open_files), highest,
       toml_count, count_text},
      {"threads_growth", limit_in(&Limits::threads_growth), threads, highest, toml_count, count_text},
      {"children_growth", limit_in(&Limits::children_growth), growth_of(&Checkpoint::children), highest, toml_count,
       count_text},
  };
  return all;
}

std::string range_text(const Measured& values, const Rule& rule) {
  const auto [lowest, highest] = std::ranges::minmax(values);
  if (values.size() == 1) return rule.text(highest) + " measured once";
  const auto range =
      lowest == highest ? rule.text(highest) : fmt::format("{} to {}", rule.text(lowest), rule.text(highest));
  return fmt::format("{} in {} repetitions", range, values.size());
}

/// A line of the table; empty where the limit stays.
std::string line_of(const Rule& rule, const Repetitions& repetitions, const Limits& limits, Looser looser) {
  const auto limit = rule.limit(limits);
  const auto values = measured(repetitions, rule.figure);
  if (!limit || !values) return {};
  const auto suggested = rule.suggested(*values);
  // Loosened is only what was exceeded: a tight limit that holds is somebody's decision.
  const bool is_exceeded = std::ranges::max(*values) > *limit;
  if (suggested >= *limit && !(looser == Looser::yes && is_exceeded)) return {};
  return fmt::format("{} = {}  # {}; was {}\n", rule.key, rule.toml(suggested), range_text(*values, rule),
                     rule.text(*limit));
}

// ---- scenarios ----

/// Quoted, with what TOML and globs would take for something else escaped.
std::string toml_key(const std::string& name) {
  std::string quoted = "\"";
  for (const char letter : glob_for(name)) {
    const auto code = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') quoted += '\\';
    quoted += code < 0x20 || code == 0x7f ? fmt::format("\\u{:04X}", code) : std::string(1, letter);
  }
  return quoted + "\"";
}

bool may_be_used(Verdict verdict, Looser looser) {
  return verdict == Verdict::pass || (verdict == Verdict::over_threshold && looser == Looser::yes);
}

std::string why_not(Verdict verdict) {
  return verdict == Verdict::over_threshold ? "it exceeds a limit; --looser suggests from it all the same"
                                            : fmt::format("its verdict is {}", to_string(verdict));
}

Repetitions repetitions_of(const std::string& name, const std::vector<record::Run>& runs,
                           const std::vector<RunVerdict>& verdicts, const config::ScenarioSettings& settings,
                           Looser looser) {
  Repetitions all;
  for (std::size_t i = 0; i < runs.size(); ++i)
    for (std::size_t j = 0; j < runs[i].scenarios.size(); ++j) {
      const auto& scenario = runs[i].scenarios[j];
      if (scenario.name != name) continue;
      const auto verdict = verdicts[i].scenarios[j].verdict;
      if (!may_be_used(verdict, looser)) all.refused = why_not(verdict);
      for (const auto& repetition : scenario.repetitions) all.evidence.emplace_back(scenario, repetition, settings);
    }
  return all;
}

std::string where_the_table_is(const std::string& name, const config::Config& config) {
  const auto table = config.tables.find(name);
  if (table == config.tables.end() || table->second.place.line == 0) return {};
  return fmt::format("# {}:{} has this table: change its keys there\n", sanitize(config.file.string(), quote_length),
                     table->second.place.line);
}

std::string table_of(const std::string& name, const Repetitions& repetitions,
                     const config::ScenarioSettings& settings, const config::Config& config, Looser looser) {
  if (!repetitions.refused.empty())
    return fmt::format("\n# nothing for {}: {}\n", sanitize(name, quote_length), repetitions.refused);
  std::string lines;
  for (const auto& rule : rules()) lines += line_of(rule, repetitions, settings.limits, looser);
  if (lines.empty()) return {};
  return fmt::format("\n{}[scenario.{}]\n{}", where_the_table_is(name, config), toml_key(name), lines);
}

std::vector<std::string> names_in(const std::vector<record::Run>& runs) {
  std::vector<std::string> names;
  for (const auto& run : runs)
    for (const auto& scenario : run.scenarios)
      if (std::ranges::count(names, scenario.name) == 0) names.push_back(scenario.name);
  return names;
}

}  // namespace

std::int64_t rounded_up(std::int64_t bytes) {
  if (bytes <= 4) return std::max<std::int64_t>(bytes, 0);
  std::int64_t power = 4;
  while (power <= bytes / 2) power *= 2;
  const auto quarter = power / 4;
  return (bytes + quarter - 1) / quarter * quarter;
}

std::string suggest_thresholds(const std::vector<record::Run>& runs, const config::Config& config, Looser looser) {
  std::vector<RunVerdict> verdicts;
  std::string text = "# Suggested by soak from what it measured in";
  for (const auto& run : runs) {
    verdicts.push_back(judge(run, config));
    text += fmt::format("{} {}", verdicts.size() == 1 ? "" : ",", sanitize(run.id, quote_length));
  }
  text += "\n";
  std::string tables;
  for (const auto& name : names_in(runs)) {
    const auto settings = config.settings_for(name);
    tables += table_of(name, repetitions_of(name, runs, verdicts, settings, looser), settings, config, looser);
  }
  if (tables.find("[scenario.") == std::string::npos) return text + tables + "# nothing can be tightened\n";
  return text + std::string(explanation) + tables;
}

}  // namespace soak::verdict
