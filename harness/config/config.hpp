// benchmarks.toml, read and checked: what to run, and how much may grow. docs/benchmarks-toml.md is its
// reference.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/program.hpp"

namespace soak::config {

/// The `schema` that benchmarks.toml must name.
inline constexpr std::int64_t schema_version = 1;

/// The formats a report comes in, by the names that [report] formats takes. The report room has them all.
inline constexpr std::array<std::string_view, 11> report_format_names{
    "html",           "junit",       "sarif", "markdown",  "github", "gitlab",
    "gitlab-metrics", "openmetrics", "pprof", "collapsed", "ctest"};

/// Growth up to and including a limit is accepted. Empty: not judged.
struct Limits {
  std::optional<std::int64_t> final_growth_bytes;         ///< Resident memory, final checkpoint against baseline.
  std::optional<std::int64_t> peak_growth_bytes;          ///< Resident memory, highest point against baseline.
  std::optional<std::int64_t> peak_rss_bytes;             ///< Resident memory, highest point, absolute.
  std::optional<std::int64_t> vms_growth_bytes;           ///< Address space.
  std::optional<double> heap_growth_bytes_per_iteration;  ///< Exact, after warm-up.
  std::optional<std::int64_t> open_files_growth, threads_growth, children_growth;
  std::optional<std::int64_t> objects_growth;  ///< Of any one type.

  /// These limits, and those of `defaults` for those that are empty.
  [[nodiscard]] Limits merged_over(const Limits& defaults) const;
};

/// Limits at one checkpoint, against the baseline.
struct CheckpointLimits {
  std::string label;                      ///< Or, if empty,
  std::optional<std::int64_t> iteration;  ///< the first checkpoint at or after this iteration.
  std::optional<std::int64_t> rss_growth_bytes, vms_growth_bytes, heap_growth_bytes;
  std::optional<std::int64_t> open_files_growth, threads_growth, children_growth;
};

enum class Severity { none, low, medium, high, critical };

/// From which growth on each severity holds; ascending.
struct SeverityScale {
  std::int64_t low_bytes = 10 << 20, medium_bytes = 20 << 20, high_bytes = 50 << 20, critical_bytes = 100 << 20;
};

/// The settings of one scenario.
struct ScenarioSettings {
  Limits limits;
  std::vector<CheckpointLimits> checkpoints;  ///< As they stand in the file.
  std::chrono::milliseconds timeout{std::chrono::minutes{10}};
  std::map<std::string, std::string> env;             ///< Added to the child's environment.
  std::optional<std::int64_t> iterations;             ///< Instead of what the binary plans.
  std::optional<bool> is_fixed;                       ///< Runs at its planned lengths only; empty: as its code says.
  std::optional<std::int64_t> warm_up;                ///< Iterations that are not judged; default: half the run.
  std::optional<std::int64_t> expected_growth_bytes;  ///< Of live heap, such as a cache of known size: no finding.
  /// Time for the scaled runs of a suspect; default: twenty times its first run, at least 10 s.
  std::optional<std::chrono::milliseconds> confirm_budget;
  std::optional<std::int64_t> memory_limit_bytes;  ///< Resident, of the child and all it started; more ends them.
  std::vector<std::string> tags;
  std::optional<Program> program;  ///< If the scenario is a program of its own, not a benchmark of a binary.
};

/// The most by which a metric may be worse than in the run it is compared with; inclusive.
struct Gate {
  std::string text;               ///< As written: "+5 %", "+64 KiB", "+1".
  std::optional<double> percent;  ///< Of the older value, or otherwise
  std::optional<double> amount;   ///< in the metric's own unit.
};

/// Where something stands in Config::file.
struct SourcePlace {
  std::size_t line = 0;    ///< From 1; 0: nowhere.
  std::size_t column = 0;  ///< From 1, in characters.
  std::string
      quote;  ///< The line, and below it a caret under the character; two spaces of indentation, no last newline.
};

/// One [[waiver]]: a finding that is known and accepted until a day.
struct Waiver {
  std::string scenario;  ///< A glob.
  std::string metric;    ///< The kind of finding; empty: any that has only waived sites.
  std::string site;      ///< A glob for a function, or for FILE:LINE; empty: wherever it comes from.
  std::string reason;
  std::string until;  ///< YYYY-MM-DD, in UTC; the last day it holds.
  SourcePlace place, scenario_place, until_place;
};

struct Config {
  std::filesystem::path file;                   ///< As it was named, for messages. Empty: the defaults, no file.
  std::vector<std::filesystem::path> binaries;  ///< Absolute, or a bare name to be looked for beside `soak`.
  std::filesystem::path results = "results";    ///< Absolute, once read from a file.
  std::chrono::milliseconds timeout{std::chrono::minutes{10}};
  std::optional<int> checkpoint_count;  ///< Empty: as the binary has it.
  Limits defaults;
  SeverityScale severity;
  std::vector<std::string>
      report_formats;                 ///< Of `report_format_names`; what every run leaves in its record's folder.
  std::string store;                  ///< Of history: a file, absolute, or postgresql://... Empty: history.db
                                      ///< among the results.
  std::map<std::string, Gate> gates;  ///< By metric, see record/metrics.hpp.
  std::map<std::string, std::string> renames;  ///< A scenario's newer name, by its older one. Without circles.

  /// One [scenario."..."].
  struct ScenarioTable {
    ScenarioSettings settings;  ///< Only what the table itself says; its timeout is the next field.
    std::optional<std::chrono::milliseconds> timeout;
    SourcePlace place;  ///< Of its name.
  };
  std::map<std::string, ScenarioTable> tables;  ///< By identity as written, which may be a glob; see Glob.
  std::vector<Waiver> waivers;                  ///< In the order of the file.

  /// Settings of the scenario with this identity: the tables that match it over the defaults, key by key, the most
  /// specific one first.
  [[nodiscard]] ScenarioSettings settings_for(const std::string& identity) const;
  /// The newest name of a scenario that may have been renamed, also more than once.
  [[nodiscard]] std::string newest_name(const std::string& identity) const;
  /// Checks that each scenario table and waiver matches one of `known`, and that no two tables set the same key of a
  /// scenario unless one is more specific. Throws UserError with file, line, caret and nearest spelling.
  void require_tables_match(const std::vector<std::string>& known) const;
};

/// Reads and checks the whole file. Throws UserError if it cannot be read, and for everything wrong in it: all
/// problems at once, in the order of the file, each with file:line:column, the line, a caret under the culprit, and
/// the nearest spelling if one is near. Nothing is silently ignored.
[[nodiscard]] Config load_config(const std::filesystem::path& file);
/// The same from text; `file` names it in messages, and relative paths in it are relative to the folder of `file`.
[[nodiscard]] Config parse_config(std::string_view text, const std::filesystem::path& file);
/// The settings without a file, and for every key that a file leaves out.
[[nodiscard]] Config default_config();

}  // namespace soak::config
