// "A leak of so much would have shown" is a claim about leaks that are not there: it is tried with ones that are.
#include <gtest/gtest.h>

#include <algorithm>

#include "judging.hpp"

namespace soak::simulation {
namespace {

using verdict::ScenarioVerdict;
using verdict::Verdict;

constexpr std::uint64_t programs_of_each_kind = 100;
constexpr double just_above = 1.02, well_below = 0.125;

struct Planted {
  int programs = 0;  ///< That pass without a leak, and say which they would have seen.
  int seen_above = 0, seen_below = 0;
};

using Judge = ScenarioVerdict (*)(Program&);

/// Plants leaks of parts of what the judge claims to see, in the same programs, all else left as it was.
Planted plant(const Kind& kind, Program::Reads reads, Judge judge,
              std::optional<double> (*claim)(const ScenarioVerdict&)) {
  Planted planted;
  for (std::uint64_t seed = 0; seed < programs_of_each_kind; ++seed) {
    Program clean(kind, {0}, reads, seed);
    const auto verdict = judge(clean);
    const auto seen = claim(verdict);
    if (verdict.verdict != Verdict::pass || !seen) continue;
    const auto is_seen = [&](double part) {
      Program leaking(kind, {0}, reads, seed);
      leaking.plant(part * *seen);
      return judge(leaking).verdict != Verdict::pass;
    };
    ++planted.programs;
    planted.seen_above += is_seen(just_above) ? 1 : 0;
    planted.seen_below += is_seen(well_below) ? 1 : 0;
  }
  return planted;
}

std::optional<double> smallest_heap_leak(const ScenarioVerdict& verdict) {
  return verdict.smallest_leak_seen_bytes_per_iteration;
}

TEST(SmallestLeak, OfTheHeapIsFoundWhereItIsThereAndNoneThatIsMuchSmaller) {
  int programs = 0, seen_below = 0;
  for (const auto& kind : kinds()) {
    const auto planted = plant(kind, Program::Reads::heap, judged, smallest_heap_leak);
    std::printf("%s: %d of %d, %d below\n", kind.name.c_str(), planted.seen_above, planted.programs,
                planted.seen_below);
    EXPECT_EQ(planted.seen_above, planted.programs) << kind.name;
    programs += planted.programs;
    seen_below += planted.seen_below;
  }
  EXPECT_GT(programs, 300);
  EXPECT_LT(5 * seen_below, programs) << "else more could be claimed";
}

/// Without scaled runs: where only resident memory is read, a trend makes a finding at once.
ScenarioVerdict judged_as_program(Program& program) {
  record::Scenario scenario;
  scenario.name = "Simulated";
  scenario.is_program = true;
  scenario.planned_iterations = program.planned_iterations();
  scenario.repetitions = {program.run(program.planned_iterations())};
  record::Run run;
  run.completed = true;
  run.scenarios = {scenario};
  auto config = config::default_config();
  config.defaults.final_growth_bytes = config.defaults.peak_growth_bytes = std::int64_t{1} << 40;
  return verdict::judge(run, config).scenarios.at(0);
}

std::optional<double> smallest_resident_leak(const ScenarioVerdict& verdict) {
  const auto rss = std::ranges::find(verdict.shapes, "rss_bytes", &verdict::MetricShape::metric);
  return rss == verdict.shapes.end() ? std::nullopt : rss->smallest_leak_seen_per_iteration;
}

TEST(SmallestLeak, OfResidentMemoryAloneIsFoundAlmostAlways) {
  int programs = 0, seen_above = 0, seen_below = 0;
  for (const auto& kind : kinds()) {
    const auto planted = plant(kind, Program::Reads::resident_memory, judged_as_program, smallest_resident_leak);
    std::printf("%s: %d of %d, %d below\n", kind.name.c_str(), planted.seen_above, planted.programs,
                planted.seen_below);
    programs += planted.programs;
    seen_above += planted.seen_above;
    seen_below += planted.seen_below;
  }
  EXPECT_GT(programs, 200);
  EXPECT_GE(100 * seen_above, 99 * programs);
  EXPECT_LT(5 * seen_below, programs) << "else more could be claimed";
}

}  // namespace
}  // namespace soak::simulation
