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
  int seen_above = 0;
  int alone = 0;  ///< Those of them that were not run at other lengths, which see more than one run does.
  int seen_below = 0;
};

ScenarioVerdict judged_once(Program& program, Program::Reads reads) {
  record::Scenario scenario;
  scenario.name = "Simulated";
  scenario.is_program = reads == Program::Reads::resident_memory;  // else no heap would be an error
  scenario.planned_iterations = program.planned_iterations();
  scenario.repetitions = {program.run(program.planned_iterations())};
  record::Run run;
  run.completed = true;
  run.scenarios = {scenario};
  auto config = config::default_config();
  config.defaults.final_growth_bytes = config.defaults.peak_growth_bytes = std::int64_t{1} << 40;
  return verdict::judge(run, config).scenarios.at(0);
}

/// As `soak run` does it. Where only resident memory is read, a trend makes a finding at once.
ScenarioVerdict judged_as_run(Program& program, Program::Reads reads) {
  return reads == Program::Reads::heap ? judged(program) : judged_once(program, reads);
}

std::optional<double> claim_of(const ScenarioVerdict& verdict, Program::Reads reads) {
  if (reads == Program::Reads::heap) return verdict.smallest_leak_seen_bytes_per_iteration;
  const auto rss = std::ranges::find(verdict.shapes, "rss_bytes", &verdict::MetricShape::metric);
  return rss == verdict.shapes.end() ? std::nullopt : rss->smallest_leak_seen_per_iteration;
}

/// Plants leaks of parts of what the judge claims to see, in the same programs, all else left as it was.
void plant(const Kind& kind, Program::Reads reads, Planted& planted) {
  for (std::uint64_t seed = 0; seed < programs_of_each_kind; ++seed) {
    const auto with_leak = [&](double bytes_per_iteration) {
      Program program(kind, {0}, reads, seed);
      program.plant(bytes_per_iteration);
      return program;
    };
    auto clean = with_leak(0);
    const auto verdict = judged_as_run(clean, reads);
    const auto claim = claim_of(verdict, reads);
    if (verdict.verdict != Verdict::pass || !claim) continue;
    auto above = with_leak(just_above * *claim), below = with_leak(well_below * *claim), alone = with_leak(0);
    ++planted.programs;
    planted.seen_above += judged_as_run(above, reads).verdict != Verdict::pass ? 1 : 0;
    if (judged_once(alone, reads).verdict != Verdict::pass) continue;
    ++planted.alone;
    planted.seen_below += judged_once(below, reads).verdict != Verdict::pass ? 1 : 0;
  }
}

Planted plant_in_all_kinds(Program::Reads reads) {
  Planted planted;
  for (const auto& kind : kinds()) plant(kind, reads, planted);
  return planted;
}

TEST(SmallestLeak, OfTheHeapIsFoundWhereItIsThereAndMostlyNotWhereItIsMuchSmaller) {
  const auto planted = plant_in_all_kinds(Program::Reads::heap);
  EXPECT_GT(planted.programs, 300);
  // Steps that stand elsewhere in each run may hide one in all of them.
  EXPECT_GE(1000 * planted.seen_above, 995 * planted.programs);
  EXPECT_LT(4 * planted.seen_below, planted.alone) << "else more could be claimed";
}

TEST(SmallestLeak, OfResidentMemoryAloneIsFoundAlmostAlwaysAndMostlyNotWhereItIsMuchSmaller) {
  const auto planted = plant_in_all_kinds(Program::Reads::resident_memory);
  EXPECT_GT(planted.programs, 300);
  EXPECT_GE(100 * planted.seen_above, 99 * planted.programs);
  EXPECT_LT(4 * planted.seen_below, planted.alone) << "else more could be claimed";
}

}  // namespace
}  // namespace soak::simulation
