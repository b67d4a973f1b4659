#include "history/metric_change.hpp"

#include <gmock/gmock.h>

#include "golden.hpp"
#include "history/compare.hpp"

namespace soak::history {
namespace {

using testing::HasSubstr;

struct Case {
  std::string name, metric;
  std::vector<double> base, head;
  Outcome expected;
};
const std::vector<Case> cases = {
    {"equal counts", "allocations_per_iteration", {12}, {12}, Outcome::same},
    {"a thousandth more is more", "allocations_per_iteration", {12}, {12.001}, Outcome::worse},
    {"fewer", "open_files_growth", {2}, {1}, Outcome::better},
    {"counts whose repetitions overlap", "allocations_per_iteration", {12, 14}, {13, 15}, Outcome::same},
    {"counts whose repetitions are apart", "allocations_per_iteration", {12, 14}, {15, 16}, Outcome::worse},
    {"not measured in base", "heap_peak_bytes", {}, {5}, Outcome::not_measured},
    {"times, one repetition", "iteration_time_ns", {100}, {900}, Outcome::too_few_repetitions},
    {"times, four and four", "iteration_time_ns", {1, 2, 3, 4}, {9, 9, 9, 9}, Outcome::too_few_repetitions},
    {"slower", "iteration_time_ns", {100, 101, 102, 103, 104}, {120, 121, 122, 123, 124}, Outcome::worse},
    {"faster", "iteration_time_ns", {120, 121, 122, 123, 124}, {100, 101, 102, 103, 104}, Outcome::better},
    {"significant, and too little to matter",
     "iteration_time_ns",
     {100, 101, 102, 103, 104},
     {105, 105.1, 105.2, 105.3, 105.4},
     Outcome::same},
    {"significant, and within the noise of both",
     "iteration_time_ns",
     {100, 110, 120, 130, 140, 150, 160, 170},
     {145, 155, 165, 175, 185, 195, 205, 215},
     Outcome::same},
    {"much, and not significant",
     "iteration_time_ns",
     {100, 100, 100, 100, 500},
     {130, 130, 130, 90, 130},
     Outcome::same},
    {"resident memory within the kernel's batches", "rss_growth_bytes", {1e6}, {1.4e6}, Outcome::same},
    {"resident memory beyond them", "rss_growth_bytes", {1e6}, {4e6}, Outcome::worse},
    {"resident memory within its own noise", "rss_growth_bytes", {1e6, 9e6}, {8e6, 9e6}, Outcome::same},
};
TEST(CompareMetric, ToldByKindOfMetric) {
  for (const auto& [name, metric, base, head, expected] : cases) {
    Measurement a, b;
    if (!base.empty()) a.figures[metric] = base;
    if (!head.empty()) b.figures[metric] = head;
    const auto change = compare_metric(*record::metric_named(metric), {a, b});
    ASSERT_TRUE(change) << name;
    EXPECT_EQ(to_string(change->outcome), to_string(expected)) << name;
  }
}

TEST(CompareMetric, IsEmptyWhereNeitherSideHasIt) {
  const Measurement none;
  EXPECT_FALSE(compare_metric(record::metrics[0], {none, none}));
}

Measurement with_blocks(double growth_bytes, double growth_blocks, std::int64_t live_blocks) {
  Measurement measurement;
  measurement.figures = {{"heap_growth_bytes", {growth_bytes}}, {"heap_growth_blocks", {growth_blocks}}};
  measurement.curves.iterations = {0};
  measurement.curves.readings["heap_blocks"] = {live_blocks};
  return measurement;
}

TEST(CompareMetric, HeapBytesMayDifferByGranulesWhileBlocksAreEqual) {
  const auto& metric = *record::metric_named("heap_growth_bytes");
  EXPECT_EQ(compare_metric(metric, {with_blocks(1000, 5, 100), with_blocks(2600, 5, 100)})->outcome, Outcome::same);
  EXPECT_EQ(compare_metric(metric, {with_blocks(1000, 5, 100), with_blocks(2601, 5, 100)})->outcome, Outcome::worse);
  EXPECT_EQ(compare_metric(metric, {with_blocks(1000, 5, 100), with_blocks(1016, 6, 101)})->outcome, Outcome::worse);
}

TEST(CompareMetric, SaysHowManyRepetitionsItTakes) {
  Measurement a, b;
  a.figures["iteration_time_ns"] = b.figures["iteration_time_ns"] = {100, 200};
  const auto change = compare_metric(*record::metric_named("iteration_time_ns"), {a, b});
  EXPECT_THAT(change->note, HasSubstr("soak run --repetitions 5"));
  expect_wording("", change->note);
}

TEST(CompareMetric, SaysWhichTimesAreNeighbours) {
  const auto& metric = *record::metric_named("iteration_time_ns");
  Measurement a, b;
  a.figures["iteration_time_ns"] = {100, 200};
  b.figures[disturbed_time] = {900};
  const auto without = compare_metric(metric, {a, b});
  EXPECT_EQ(without->outcome, Outcome::not_measured);
  expect_wording("none left", without->note);
  b.figures["iteration_time_ns"] = {100};
  const auto with_one = compare_metric(metric, {a, b});
  EXPECT_EQ(with_one->outcome, Outcome::too_few_repetitions);
  expect_wording("one left", with_one->note);
  const Measurement none;
  b.figures.erase("iteration_time_ns");
  EXPECT_EQ(compare_metric(metric, {none, b})->outcome, Outcome::not_measured);
}

struct GateCase {
  std::string name;
  Outcome outcome;
  double base, head;
  config::Gate gate;
  GateOutcome expected;
};
const config::Gate none{"+0 %", 0.0, {}}, ten_percent{"+10 %", 10.0, {}}, two{"+2", {}, 2.0};
const std::vector<GateCase> gate_cases = {
    {"same", Outcome::same, 10, 10, none, GateOutcome::kept},
    {"better", Outcome::better, 10, 5, none, GateOutcome::kept},
    {"worse by any amount", Outcome::worse, 10, 10.1, none, GateOutcome::broken},
    {"up to and including ten percent", Outcome::worse, 10, 11, ten_percent, GateOutcome::kept},
    {"above ten percent", Outcome::worse, 10, 11.01, ten_percent, GateOutcome::broken},
    {"ten percent of nothing", Outcome::worse, 0, 1, ten_percent, GateOutcome::broken},
    {"ten percent of less than nothing", Outcome::worse, -10, -9.5, ten_percent, GateOutcome::broken},
    {"an amount", Outcome::worse, 0, 2, two, GateOutcome::kept},
    {"more than the amount", Outcome::worse, 0, 3, two, GateOutcome::broken},
    {"too few repetitions", Outcome::too_few_repetitions, 1, 1, none, GateOutcome::undecided},
    {"unlike machines", Outcome::refused, 1, 1, none, GateOutcome::undecided},
    {"not measured", Outcome::not_measured, 1, 1, none, GateOutcome::undecided},
};
TEST(Gates, BreakByWhatIsWorseThanTheyAllow) {
  for (const auto& [name, outcome, base, head, gate, expected] : gate_cases) {
    MetricChange change;
    change.outcome = outcome;
    change.base = base;
    change.head = head;
    apply_gate(gate, change);
    EXPECT_EQ(to_string(change.gate), to_string(expected)) << name;
    EXPECT_EQ(change.gate_limit, gate.text);
  }
}

}  // namespace
}  // namespace soak::history
