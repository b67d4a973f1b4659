// The subject of a report: a run with its verdict. Every format is a function of this and of nothing else.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "history/comparison.hpp"
#include "history/metric_trend.hpp"
#include "record/record.hpp"
#include "verdict/verdict.hpp"

namespace soak::report {

/// A line of a source file, for tools that show a message there.
struct SourceLine {
  std::string file;  ///< Relative to the source folder if it lies in it.
  int line = 0;      ///< From 1; 0: not known.
};

/// Run and verdict must outlive it.
struct Subject {
  const record::Run& run;
  const verdict::RunVerdict& verdict;
  std::string record_path = {};    ///< How to name this record in a command; empty: there is none.
  std::string source_folder = {};  ///< Absolute; files in it are named relative to it. Empty: named as recorded.
  /// The line that configures each scenario, or the nearest one: it shows what no call site explains.
  std::map<std::string, SourceLine> scenario_places = {};
  SourceLine default_place = {"benchmarks.toml", 1};  ///< For scenarios without a place of their own.
  const history::Comparison* comparison = nullptr;    ///< With a base; null: there is none.
  const history::Trend* trend = nullptr;              ///< Over commits; null: there is none.
};

/// A scenario of the record and its verdict.
struct JudgedScenario {
  const record::Scenario& record;
  const verdict::ScenarioVerdict& verdict;
};

/// The scenarios in the order of the verdict. One that only the record or only the verdict has is shown as not
/// measured.
[[nodiscard]] std::vector<JudgedScenario> scenarios_of(const Subject& subject);

/// The same, those that need attention first: by rank of the verdict, then by severity.
[[nodiscard]] std::vector<JudgedScenario> by_urgency(std::vector<JudgedScenario> scenarios);

/// The repetition whose curves represent the scenario: the first with the most checkpoints. Null if there is none.
[[nodiscard]] const record::Repetition* drawn_repetition(const record::Scenario& scenario);

/// `file` relative to the source folder if it lies in it; otherwise unchanged.
[[nodiscard]] std::string shown_file(const Subject& subject, std::string_view file);

/// The responsible line for a finding: that of its first site with one, otherwise the one that configures its
/// scenario.
[[nodiscard]] SourceLine place_of(const Subject& subject, const verdict::ScenarioVerdict& scenario,
                                  const verdict::Finding& finding);

}  // namespace soak::report
