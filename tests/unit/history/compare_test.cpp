#include "history/compare.hpp"

#include <gtest/gtest.h>

#include "golden.hpp"

namespace soak::history {
namespace {

Measurement measurement(const std::string& name, double allocations, const std::string& verdict = "pass") {
  Measurement one;
  one.scenario = name;
  one.verdict = verdict;
  one.iterations = 1000;
  one.figures = {{"allocations_per_iteration", {allocations}},
                 {"heap_peak_bytes", {1000}},
                 {"iteration_time_ns", {1, 2, 3, 4, 5}}};
  one.curves.iterations = {0, 500, 1000};
  one.curves.readings["heap_bytes"] = {100, 200, 300};
  return one;
}

MeasuredRun run_of(std::vector<Measurement> measurements, const std::string& cpu = "A") {
  MeasuredRun run;
  run.info.completed = true;
  run.info.fingerprint = {{"cpu", cpu}};
  run.measurements = std::move(measurements);
  return run;
}

std::vector<std::string> names_of(const Comparison& comparison) {
  std::vector<std::string> names;
  for (const auto& scenario : comparison.scenarios) names.push_back(scenario.name);
  return names;
}

const MetricChange& metric_of(const Comparison& comparison, const std::string& name) {
  return *std::ranges::find(comparison.scenarios.at(0).metrics, name, &MetricChange::metric);
}

using Names = std::vector<std::string>;

TEST(Compare, ChangedVerdictsComeFirstThenOtherChanges) {
  const auto comparison =
      compare(run_of({measurement("same", 1), measurement("more", 1), measurement("leaks", 1)}),
              run_of({measurement("same", 1), measurement("more", 2), measurement("leaks", 1, "leak")}),
              config::default_config(), AcrossMachines::no);
  EXPECT_EQ(names_of(comparison), (Names{"leaks", "more", "same"}));
  EXPECT_FALSE(has_changes(comparison.scenarios[2]));
}

TEST(Compare, NamesScenariosOfOneSide) {
  const auto comparison =
      compare(run_of({measurement("a", 1), measurement("b", 1)}), run_of({measurement("b", 1), measurement("c", 1)}),
              config::default_config(), AcrossMachines::no);
  EXPECT_EQ(comparison.only_in_base, Names{"a"});
  EXPECT_EQ(comparison.only_in_head, Names{"c"});
}

TEST(Compare, FollowsRenames) {
  auto config = config::default_config();
  config.renames = {{"old", "new"}};
  const auto comparison =
      compare(run_of({measurement("old", 1)}), run_of({measurement("new", 2)}), config, AcrossMachines::no);
  ASSERT_EQ(names_of(comparison), Names{"new"});
  EXPECT_EQ(comparison.scenarios[0].base_name, "old");
  EXPECT_TRUE(comparison.only_in_base.empty() && comparison.only_in_head.empty());
}

TEST(Compare, RefusesTimesOfUnlikeMachinesAndComparesCounts) {
  const auto base = run_of({measurement("a", 1)}), head = run_of({measurement("a", 2)}, "B");
  const auto refused = compare(base, head, config::default_config(), AcrossMachines::no);
  EXPECT_EQ(metric_of(refused, "iteration_time_ns").outcome, Outcome::refused);
  EXPECT_EQ(metric_of(refused, "allocations_per_iteration").outcome, Outcome::worse);
  ASSERT_EQ(refused.fingerprint_differences.size(), 1U);
  EXPECT_EQ(refused.fingerprint_differences[0].key, "cpu");
  const auto compared = compare(base, head, config::default_config(), AcrossMachines::yes);
  EXPECT_EQ(metric_of(compared, "iteration_time_ns").outcome, Outcome::same);
}

TEST(Compare, OfUnlikeLengthsOnlyWhatIsToldAnIteration) {
  auto longer = measurement("a", 1);
  longer.iterations = 4000;
  const auto comparison =
      compare(run_of({measurement("a", 1)}), run_of({longer}), config::default_config(), AcrossMachines::no);
  EXPECT_EQ(metric_of(comparison, "allocations_per_iteration").outcome, Outcome::same);
  EXPECT_EQ(metric_of(comparison, "heap_peak_bytes").outcome, Outcome::refused);
  expect_message(metric_of(comparison, "heap_peak_bytes").note, {"1000", "4000"});
}

TEST(Compare, CountsGatesAndOneForWhatNobodyMeasuredIsUndecided) {
  auto config = config::default_config();
  config.gates = {{"allocations_per_iteration", {"+0 %", 0.0, {}}},
                  {"heap_peak_bytes", {"+0 %", 0.0, {}}},
                  {"rss_peak_bytes", {"+0 %", 0.0, {}}}};
  const auto comparison =
      compare(run_of({measurement("a", 1)}), run_of({measurement("a", 2)}), config, AcrossMachines::no);
  EXPECT_EQ(comparison.broken_gates, 1U);
  EXPECT_EQ(comparison.undecided_gates, 1U);
  expect_wording("", metric_of(comparison, "rss_peak_bytes").note);
}

TEST(Compare, CurvesSayWhereTheyPart) {
  auto head = measurement("a", 1);
  head.curves.readings["heap_bytes"] = {1100, 1200, 1350};
  const auto comparison =
      compare(run_of({measurement("a", 1)}), run_of({head}), config::default_config(), AcrossMachines::no);
  const auto& curve = comparison.scenarios[0].curves.at(0);
  EXPECT_EQ(curve.first_difference, 1000);
  EXPECT_EQ(curve.largest_difference, 50) << "growth is compared, not what was there before the baseline";
}

TEST(Compare, SaysWhoseRunIsNotToBeTrustedWholly) {
  auto head = run_of({measurement("a", 1)});
  head.info.dirty = true;
  head.info.completed = false;
  const auto notes = compare(run_of({measurement("a", 1)}), head, config::default_config(), AcrossMachines::no).notes;
  ASSERT_EQ(notes.size(), 2U);
  for (const auto& note : notes) expect_message(note, {"head"});
}

TEST(NameFilesRelativeTo, TheFolderThatTheyLieIn) {
  Comparison comparison;
  SiteChange change;
  change.site.file = "/home/me/app/src/cache.cpp";
  change.site.stack.resize(2);
  change.site.stack[0].file = "/home/me/app/src/cache.cpp";
  change.site.stack[1].file = "/home/me/apple/main.cpp";
  comparison.scenarios.resize(1);
  comparison.scenarios[0].sites = {change};
  name_files_relative_to("/home/me/app", comparison);
  const auto& site = comparison.scenarios[0].sites[0].site;
  EXPECT_EQ(site.file, "src/cache.cpp");
  EXPECT_EQ(site.stack[0].file, "src/cache.cpp");
  EXPECT_EQ(site.stack[1].file, "/home/me/apple/main.cpp");
}

}  // namespace
}  // namespace soak::history
