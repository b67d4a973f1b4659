// Programs that are sampled over time.
#include <gmock/gmock.h>

#include "golden.hpp"
#include "runs.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using testing::HasSubstr;

ScenarioVerdict watched(std::int64_t seconds, const Change& change) {
  auto scenario = scenario_of({repetition_of(seconds, 64, change)}, "server");
  scenario.is_program = true;
  scenario.measured = record::Measured::over_time;
  return judge(run_of({scenario}), config::default_config()).scenarios.at(0);
}

void without_heap(Checkpoint& c) { c.heap_bytes = c.heap_blocks = std::nullopt; }

/// Resident memory of a program whose heap was not counted, and why.
ScenarioVerdict watched_without_heap(const std::string& why, std::int64_t bytes_per_second,
                                     std::vector<std::string> notes = {}) {
  auto scenario = scenario_of({repetition_of(120, 64,
                                             [&](Checkpoint& c) {
                                               without_heap(c);
                                               *c.rss_bytes += bytes_per_second * c.iteration;
                                             })},
                              "server");
  scenario.is_program = true;
  scenario.measured = record::Measured::over_time;
  scenario.notes = std::move(notes);
  scenario.repetitions[0].heap_unavailable = why;
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
  expect_message(summary(verdict), {"2.0 KiB"});
}

TEST(OverTime, WithoutAHeapATrendOfResidentMemoryIsASuspicion) {
  const auto verdict = watched_without_heap("it ran before soak did", 20 * kib);
  EXPECT_EQ(verdict.verdict, Verdict::growing) << summary(verdict);
  expect_message(summary(verdict), {});
}

TEST(OverTime, WhatGrowsBeyondItsLimitWithoutAHeapIsOneFindingThatSaysSo) {
  const auto verdict = watched_without_heap("it ran before soak did", 100 * kib);
  ASSERT_EQ(verdict.findings.size(), 1U) << summary(verdict);
  EXPECT_EQ(verdict.findings[0].verdict, Verdict::over_threshold);
  EXPECT_EQ(verdict.findings[0].shape, Shape::linear);
  expect_message(summary(verdict), {"over_threshold\nfinal_growth: ", "5.0 MiB", "100 KiB", "linear"});
}

TEST(OverTime, ThatNoHeapWasCountedIsSaidOnAPassBesideWhateverElseIsSaid) {
  const auto verdict = watched_without_heap("it ran before soak did", 0, {"its driver failed once"});
  EXPECT_EQ(verdict.verdict, Verdict::pass) << summary(verdict);
  ASSERT_THAT(verdict.notes, testing::SizeIs(2));
  EXPECT_EQ(verdict.notes[0], "its driver failed once");
  expect_message(verdict.notes[1], {"it ran before soak did"});
  EXPECT_EQ(verdict.smallest_leak_seen_bytes_per_iteration, std::nullopt) << "nothing is claimed";
  EXPECT_THAT(watched_without_heap("it is Go", 0, {"it is Go, so"}).notes, testing::SizeIs(1)) << "once is enough";
  EXPECT_THAT(watched(120, {}).notes, testing::IsEmpty()) << "it was counted";
}

TEST(OverTime, AHeapThatShouldHaveBeenCountedAndWasNotNeverPasses) {
  const auto none = watched_without_heap("", 0);
  EXPECT_EQ(none.verdict, Verdict::error);
  expect_message(summary(none), {"0 B"});

  const auto half = watched(120, [](Checkpoint& c) {
    if (c.iteration > 60) without_heap(c);
  });
  EXPECT_EQ(half.verdict, Verdict::error);
  expect_message(summary(half), {"60", "120"});

  const auto leaks_before = watched(120, [](Checkpoint& c) {
    *c.heap_bytes += 2 * kib * c.iteration;
    if (c.iteration > 60) without_heap(c);
  });
  EXPECT_EQ(leaks_before.verdict, Verdict::leak) << "what was seen counts";
}

TEST(OverTime, BesideALiveHeapResidentGrowthIsSaidToBeOfItOrNot) {
  const auto resident = [](Checkpoint& c) { *c.rss_bytes += 100 * kib * c.iteration; };
  expect_message(summary(watched(120, resident)), {"5.0 MiB", "0 B"});
  const auto both = watched(120, [&](Checkpoint& c) {
    resident(c);
    *c.heap_bytes += 100 * kib * c.iteration;
  });
  EXPECT_EQ(both.verdict, Verdict::leak);
  expect_message(summary(both), {"5.0 MiB"});
}

TEST(OverTime, TheSmallestLeakThatIsClaimedIsFoundAndNoneThatIsMuchSmaller) {
  using Load = std::int64_t (*)(std::int64_t second);
  for (const auto& [name, load] : {std::pair<const char*, Load>{"none", [](std::int64_t) { return 0L; }},
                                   {"coming and going", [](std::int64_t s) { return s % 7 * 4096; }},
                                   {"a bounded ring", [](std::int64_t s) { return s % 40 * 1000; }},
                                   {"noise", [](std::int64_t s) { return s * 7919 % 1009 * 16; }},
                                   {"warm-up", [](std::int64_t s) { return std::min<std::int64_t>(s, 15) * 500; }}}) {
    const auto leaking = [load = load](double bytes_per_second) {
      return watched(300, [&](Checkpoint& c) {
        const auto leaked = static_cast<std::int64_t>(bytes_per_second * static_cast<double>(c.iteration)) / 24;
        *c.heap_bytes += load(c.iteration) + 24 * leaked;
        *c.heap_blocks += leaked;
      });
    };
    const auto clean = leaking(0);
    ASSERT_EQ(clean.verdict, Verdict::pass) << name << ": " << summary(clean);
    EXPECT_TRUE(clean.is_over_time);
    const auto claimed = clean.smallest_leak_seen_bytes_per_iteration.value();
    EXPECT_NE(leaking(1.02 * claimed).verdict, Verdict::pass) << name << ", claimed " << claimed;
    EXPECT_EQ(leaking(claimed / 8).verdict, Verdict::pass) << name << ", claimed " << claimed;
  }
}

TEST(OverTime, AGlanceIsNotEnough) {
  const auto verdict = watched(3, {});
  EXPECT_EQ(verdict.verdict, Verdict::error);
  expect_message(summary(verdict), {});
}

}  // namespace
}  // namespace soak::verdict
