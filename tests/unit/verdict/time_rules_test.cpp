// Programs that are sampled over time.
#include <gmock/gmock.h>

#include "runs.hpp"

namespace soak::verdict {
namespace {

using testing::HasSubstr;

ScenarioVerdict watched(std::int64_t seconds, const Change& change) {
  auto scenario = scenario_of({repetition_of(seconds, 64, change)}, "server");
  scenario.is_program = true;
  scenario.measured = record::Measured::over_time;
  return judge(run_of({scenario}), config::default_config()).scenarios.at(0);
}

TEST(OverTime, OnlyWhatIsKeptThroughTheRunIsGrowth) {
  const auto wave = [](std::int64_t second) { return second % 7 * 4 * kib; };
  struct Case {
    std::string name;
    Change change;
    Verdict expected;
  };
  const Case cases[] = {
      {"flat", {}, Verdict::pass},
      {"load that comes and goes",
       [&](auto& c) {
         *c.heap_bytes += wave(c.iteration);
         c.open_files = 4 + c.iteration % 5;
       },
       Verdict::pass},
      {"a leak below that load", [&](auto& c) { *c.heap_bytes += wave(c.iteration) + 2 * kib * c.iteration; },
       Verdict::leak},
      {"warm-up", [](auto& c) { *c.heap_bytes += std::min<std::int64_t>(c.iteration, 20) * kib; }, Verdict::pass},
      {"descriptors", [](auto& c) { c.open_files = 4 + c.iteration / 4; }, Verdict::leak},
      {"children", [](auto& c) { c.children = c.iteration / 10; }, Verdict::leak},
  };
  for (const auto& [name, change, expected] : cases) {
    const auto verdict = watched(120, change);
    EXPECT_EQ(verdict.verdict, expected) << name << ": " << summary(verdict);
  }
}

TEST(OverTime, RatesAreThoseOfASecond) {
  const auto verdict = watched(120, [](auto& c) { *c.heap_bytes += 2 * kib * c.iteration; });
  EXPECT_THAT(summary(verdict), HasSubstr("2.0 KiB per second"));
}

TEST(OverTime, WithoutAHeapATrendOfResidentMemoryIsASuspicion) {
  const auto grows = [](auto& c) {
    c.heap_bytes.reset();
    c.heap_blocks.reset();
    *c.rss_bytes += 20 * kib * c.iteration;
  };
  const auto verdict = watched(120, grows);
  EXPECT_EQ(verdict.verdict, Verdict::growing) << summary(verdict);
  EXPECT_THAT(summary(verdict), HasSubstr("a suspicion, not a proof"));
}

TEST(OverTime, AGlanceIsNotEnough) {
  const auto verdict = watched(3, {});
  EXPECT_EQ(verdict.verdict, Verdict::error);
  EXPECT_THAT(summary(verdict), HasSubstr("too short"));
}

}  // namespace
}  // namespace soak::verdict
