// Resident memory alone: of programs whose heap nobody counts.
#include <cmath>
#include <functional>
#include <random>

#include "runs.hpp"
#include "verdict/resident_rules.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;

constexpr double page = 4096;

/// Bytes of resident memory, above 8 MiB, by the iteration.
using Curve = std::function<double(double)>;

record::Repetition resident(const Curve& curve, int checkpoints = 51) {
  return repetition_of(1000, checkpoints, [&](Checkpoint& c) {
    *c.rss_bytes += std::llround(curve(static_cast<double>(c.iteration)));
    c.heap_bytes = c.heap_blocks = std::nullopt;
  });
}

Curve noise(double deviation, unsigned seed = 1) {
  return [deviation, random = std::mt19937_64(seed)](double) mutable {
    return std::normal_distribution<>(0, deviation)(random);
  };
}

Curve sum(Curve a, Curve b) {
  return [a = std::move(a), b = std::move(b)](double i) { return a(i) + b(i); };
}

Curve line(double slope) {
  return [slope](double i) { return slope * i; };
}

Judgement judged_alone(const record::Repetition& repetition, double limit = 0) {
  const auto scenario = scenario_of({repetition});
  const auto settings = config::default_config().settings_for(scenario.name);
  Judgement judgement;
  judge_resident_alone(Evidence(scenario, scenario.repetitions.front(), settings), limit, judgement);
  return judgement;
}

struct TrendCase {
  std::string name;
  record::Repetition repetition;
  double limit;
  Verdict expected;
};

const std::vector<TrendCase> trend_cases = {
    {"flat", resident(line(0)), 0, Verdict::pass},
    {"given back", resident(line(-page)), 0, Verdict::pass},
    {"noise", resident(noise(20 * page)), 0, Verdict::pass},
    {"a page an iteration", resident(line(page)), 0, Verdict::leak},
    {"the same under noise", resident(sum(line(page), noise(20 * page))), 0, Verdict::leak},
    {"the same under noise in which it may slow down", resident(sum(line(page), noise(100 * page))), 0,
     Verdict::growing},
    {"the same below the limit", resident(line(page)), 2 * page, Verdict::pass},
    {"the same, read 20 times after warm-up", resident(line(page), 27), 0, Verdict::growing},
    {"the same, read 7 times after warm-up", resident(line(page), 9), 0, Verdict::inconclusive},
    {"as much as the kernel counts in one batch", resident(line(340)), 0, Verdict::pass},
    {"more than that", resident(line(360)), 0, Verdict::leak},
    {"a cache that is full after a fifth", resident([](double i) { return page * std::min(i, 200.0); }), 0,
     Verdict::pass},
    {"a cache that is full after three fifths", resident([](double i) { return page * std::min(i, 600.0); }), 0,
     Verdict::pass},
    {"a cache that is full after three quarters", resident([](double i) { return page * std::min(i, 750.0); }), 0,
     Verdict::pass},
    {"a cache of random keys", resident([](double i) { return 60'000 * page * (1 - std::exp(-i / 80)); }), 0,
     Verdict::pass},
    {"a step", resident([](double i) { return i < 500 ? 0 : 100 * page; }), 0, Verdict::pass},
    {"a step that could be more than may grow", resident([](double i) { return i < 500 ? 0 : 800 * page; }), 0,
     Verdict::inconclusive},
    {"a logarithm", resident([](double i) { return 500 * page * std::log1p(i); }), 0, Verdict::growing},
    {"noise that hides more than may grow", resident(noise(2000 * page)), 0, Verdict::inconclusive},
};

TEST(ResidentTrend, ConvictsOnlyWhatCertainlyGrowsAndDoesNotSlowDown) {
  for (const auto& [name, repetition, limit, expected] : trend_cases)
    EXPECT_EQ(to_string(judged_alone(repetition, limit).verdict), to_string(expected)) << name;
}

TEST(ResidentTrend, SaysHowSureItIs) {
  const auto message = [](const record::Repetition& repetition) {
    return judged_alone(repetition).findings.at(0).message;
  };
  const std::string grows =
      "resident memory, the heap not being counted, grows 4.0 KiB per iteration (99.9 % within 4.0 KiB to 4.0 KiB; "
      "limit 0 B)";
  EXPECT_EQ(message(resident(line(page))), grows);
  EXPECT_EQ(message(resident(line(page), 27)),
            grows + "; it slows down, or was watched too shortly to say that it does not");
  EXPECT_EQ(message(resident(line(page), 9)),
            "resident memory was read too few times to tell growth from noise, and the heap was not counted; run or "
            "watch it longer");
  EXPECT_THAT(message(resident(noise(2000 * page))), testing::HasSubstr(": noise hides whether it does, up to "));
}

std::optional<double> smallest_seen(const record::Repetition& repetition, double limit = 0) {
  const auto scenario = scenario_of({repetition});
  const auto settings = config::default_config().settings_for(scenario.name);
  return smallest_resident_leak_seen(Evidence(scenario, scenario.repetitions.front(), settings), limit);
}

TEST(ResidentTrend, TheSmallestLeakSeenIsAPageMoreThanABatchOfTheKernelsOrThanNoiseHides) {
  const auto least = 64 * page / 740;  // from 260 to 1,000
  const auto expect_claim = [&](const record::Repetition& repetition, double limit, double claim) {
    EXPECT_GE(smallest_seen(repetition, limit).value(), claim);
    EXPECT_LE(smallest_seen(repetition, limit).value(), 1.25 * claim);
  };
  expect_claim(resident(line(0)), 0, least);
  expect_claim(resident(line(0)), 2 * least, 2 * least);
  expect_claim(resident(line(-page)), 0, page + least);  // hidden in what is given back
  EXPECT_EQ(smallest_seen(resident(line(0), 27)), std::nullopt) << "too few readings to convict anything";
  EXPECT_EQ(smallest_seen({}), std::nullopt) << "died before its first reading";
}

TEST(ResidentTrend, ALeakFasterThanTheSmallestOneIsFound) {
  for (const double deviation : {1.0, 20.0, 100.0})
    for (unsigned seed = 1; seed <= 50; ++seed) {
      const auto clean = resident(noise(deviation * page, seed));
      if (judged_alone(clean).verdict != Verdict::pass) continue;
      const auto slope = 1.01 * smallest_seen(clean).value();
      const auto leaking = resident(sum(line(slope), noise(deviation * page, seed)));
      EXPECT_FALSE(judged_alone(leaking).findings.empty())
          << "noise " << deviation << ", seed " << seed << ", slope " << slope;
    }
}

}  // namespace
}  // namespace soak::verdict
