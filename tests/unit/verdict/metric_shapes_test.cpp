#include "verdict/metric_shapes.hpp"

#include <gtest/gtest.h>

#include "runs.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using testing::ElementsAre;

std::vector<MetricShape> shapes_of(const record::Repetition& repetition, bool is_pass = false,
                                   const config::Config& config = config::default_config()) {
  const auto scenario = scenario_of({repetition});
  const auto settings = config.settings_for(scenario.name);
  return metric_shapes(Evidence(scenario, scenario.repetitions.front(), settings), is_pass);
}

MetricShape shape_of(const std::string& metric, const record::Repetition& repetition) {
  for (const auto& shape : shapes_of(repetition))
    if (shape.metric == metric) return shape;
  return {};
}

std::vector<std::string> names_of(const record::Repetition& repetition) {
  std::vector<std::string> names;
  for (const auto& shape : shapes_of(repetition)) names.push_back(shape.metric);
  return names;
}

TEST(MetricShapes, AreThoseOfAllFiguresThatWereMeasuredInAFixedOrder) {
  EXPECT_THAT(names_of(thousand_iterations()), ElementsAre("heap_bytes", "heap_blocks", "rss_bytes", "vms_bytes",
                                                           "open_files", "threads", "joinable_threads", "children"));
  const auto without = thousand_iterations(
      [](Checkpoint& c) { c.heap_bytes = c.heap_blocks = c.joinable_threads = c.vms_bytes = std::nullopt; });
  EXPECT_THAT(names_of(without), ElementsAre("rss_bytes", "open_files", "threads", "children"));
  EXPECT_TRUE(names_of({}).empty());
}

struct FigureCase {
  std::string name, metric;
  Change change;
  Shape expected;
  double per_iteration = 0;
};

const std::vector<FigureCase> figure_cases = {
    {"nothing", "heap_bytes", {}, Shape::flat},
    {"a block an iteration", "heap_bytes",
     [](Checkpoint& c) { *c.heap_bytes += 24 * c.iteration, *c.heap_blocks += c.iteration; }, Shape::linear, 24},
    {"its blocks", "heap_blocks", [](Checkpoint& c) { *c.heap_blocks += c.iteration; }, Shape::linear, 1},
    {"rounding of 100 blocks", "heap_bytes", [](Checkpoint& c) { *c.heap_bytes += 8 * c.iteration / 5; },
     Shape::flat},
    {"more than their rounding", "heap_bytes", [](Checkpoint& c) { *c.heap_bytes += 2 * c.iteration; }, Shape::linear,
     2},
    {"rounding, had the blocks not been counted", "heap_bytes",
     [](Checkpoint& c) { *c.heap_bytes += 8 * c.iteration / 5, c.heap_blocks = std::nullopt; }, Shape::linear, 1.6},
    {"pages in one batch of the kernel's", "rss_bytes", [](Checkpoint& c) { *c.rss_bytes += 260 * c.iteration; },
     Shape::flat},
    {"more than that", "rss_bytes", [](Checkpoint& c) { *c.rss_bytes += 4096 * c.iteration; }, Shape::linear, 4096},
    {"a page of address space", "vms_bytes", [](Checkpoint& c) { *c.vms_bytes += c.iteration < 500 ? 0 : 4096; },
     Shape::stopped},
    {"a descriptor now and then", "open_files", [](Checkpoint& c) { *c.open_files += c.iteration / 100; },
     Shape::linear, 0.01},
    {"a thread", "threads", [](Checkpoint& c) { *c.threads += c.iteration < 500 ? 0 : 1; }, Shape::stopped},
    {"threads that nobody joins", "joinable_threads", [](Checkpoint& c) { *c.joinable_threads += c.iteration / 10; },
     Shape::linear, 0.1},
    {"children", "children", [](Checkpoint& c) { *c.children += c.iteration / 10; }, Shape::linear, 0.1},
};

TEST(MetricShapes, EachFigureIsLookedAtAsItIsRead) {
  for (const auto& [name, metric, change, expected, per_iteration] : figure_cases) {
    const auto found = shape_of(metric, thousand_iterations(change)).growth;
    EXPECT_EQ(to_string(found.shape), to_string(expected)) << name;
    EXPECT_NEAR(found.per_iteration, per_iteration, per_iteration / 20) << name;
    EXPECT_EQ(found.interval.has_value(), metric == "rss_bytes" && expected == Shape::linear) << name;
  }
}

TEST(MetricShapes, DescriptorsAreLookedAtUpToTheLimitOfTheProcess) {
  auto full =
      thousand_iterations([](Checkpoint& c) { *c.open_files += std::min<std::int64_t>(c.iteration / 10, 52); });
  EXPECT_EQ(to_string(shape_of("open_files", full).growth.shape), "warm-up, then flat");
  full.open_files_limit = 64;
  EXPECT_EQ(to_string(shape_of("open_files", full).growth.shape), "linear");
}

TEST(MetricShapes, LabelledCheckpointsTakeNoPart) {
  auto spiked = thousand_iterations();
  auto& labelled = spiked.checkpoints.at(25);
  labelled.kind = record::CheckpointKind::labelled;
  labelled.open_files = 1000;
  EXPECT_EQ(shape_of("open_files", spiked).growth.shape, Shape::flat);
}

std::optional<double> smallest_seen(const std::string& metric, const record::Repetition& repetition, bool is_pass,
                                    const config::Config& config = config::default_config()) {
  for (const auto& shape : shapes_of(repetition, is_pass, config))
    if (shape.metric == metric) return shape.smallest_leak_seen_per_iteration;
  ADD_FAILURE() << metric << " has no shape";
  return {};
}

TEST(MetricShapes, APassSaysTheSmallestGrowthThatWouldHaveBeenAFinding) {
  const auto flat = thousand_iterations();
  auto config = config::default_config();
  EXPECT_EQ(smallest_seen("rss_bytes", flat, true), (5.0 * mib + 4096) / 1000) << "a page more than final_growth";
  EXPECT_EQ(smallest_seen("open_files", flat, true), 0.001) << "one more than none";
  EXPECT_EQ(smallest_seen("vms_bytes", flat, true), std::nullopt) << "not limited";
  config.defaults.vms_growth_bytes = 0;
  EXPECT_EQ(smallest_seen("vms_bytes", flat, true, config), 4.096);
  EXPECT_EQ(smallest_seen("heap_blocks", flat, true), std::nullopt) << "never limited";
  const auto heap = smallest_seen("heap_bytes", flat, true);
  ASSERT_TRUE(heap);
  EXPECT_EQ(heap, judged(flat).smallest_leak_seen_bytes_per_iteration);
  for (const auto& shape : shapes_of(flat, false))
    EXPECT_EQ(shape.smallest_leak_seen_per_iteration, std::nullopt) << shape.metric << ", not on a pass";
}

TEST(MetricShapes, WithoutTheHeapResidentMemoryHasTheHeapsLimit) {
  const auto blind = thousand_iterations([](Checkpoint& c) { c.heap_bytes = c.heap_blocks = std::nullopt; });
  auto config = config::default_config();
  config.defaults.heap_growth_bytes_per_iteration = 1000;
  EXPECT_NEAR(smallest_seen("rss_bytes", blind, true, config).value(), 1130, 120) << "the next higher that is tried";
}

}  // namespace
}  // namespace soak::verdict
