// What is drawn: a run with its judgement. Every format is a function of this and of nothing else.
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

/// A line of a source file, for whoever shows it there.
struct SourceLine {
  std::string file;  ///< Relative to the source folder where it lies in there.
  int line = 0;      ///< From 1; 0: not known.
};

/// Borrows run and verdict.
struct Subject {
  const record::Run& run;
  const verdict::RunVerdict& verdict;
  std::string record_path = {};    ///< As it is typed to name this record in a command; empty: there is none.
  std::string source_folder = {};  ///< Absolute; source files in it are named relative to it. Empty: as recorded.
  /// Where each scenario is configured, or nearest to it: where to show what no call site explains.
  std::map<std::string, SourceLine> scenario_places = {};
  SourceLine default_place = {"benchmarks.toml", 1};  ///< Of scenarios that are not in there.
  const history::Comparison* comparison = nullptr;    ///< With a base; null: there is none.
  const history::Trend* trend = nullptr;              ///< Over commits; null: there is none.
};

/// A scenario of the record and its judgement.
struct JudgedScenario {
  const record::Scenario& record;
  const verdict::ScenarioVerdict& verdict;
};

/// In the order of the verdict. What the record or the verdict alone names is drawn with nothing measured.
[[nodiscard]] std::vector<JudgedScenario> scenarios_of(const Subject& subject);

/// The same, what needs attention first: as verdicts outrank each other, then the more severe.
[[nodiscard]] std::vector<JudgedScenario> by_urgency(std::vector<JudgedScenario> scenarios);

/// The repetition whose curves stand for the scenario: the first with the most checkpoints. Null where there is none.
[[nodiscard]] const record::Repetition* drawn_repetition(const record::Scenario& scenario);

/// `file` relative to the source folder where it lies in there; as it is otherwise.
[[nodiscard]] std::string shown_file(const Subject& subject, std::string_view file);

/// The line to blame for a finding: that of its first site with one, else where its scenario is configured.
[[nodiscard]] SourceLine place_of(const Subject& subject, const verdict::ScenarioVerdict& scenario,
                                  const verdict::Finding& finding);

}  // namespace soak::report
