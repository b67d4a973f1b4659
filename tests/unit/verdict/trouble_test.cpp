#include "runs.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;

// 1 MiB an iteration, one iteration a second, 8 MiB resident at the start, of which nothing grows.
record::Repetition a_mebibyte_a_second() {
  auto repetition = thousand_iterations([](Checkpoint& c) {
    *c.heap_bytes += c.iteration * mib;
    *c.heap_blocks += c.iteration;
  });
  repetition.iteration_time_ns = 1e9;
  return repetition;
}

ScenarioVerdict judged_with(const record::Repetition& repetition, const Change& change_last,
                            const config::Config& config = config::default_config()) {
  auto changed = repetition;
  if (change_last) change_last(changed.checkpoints.back());
  return judged(changed, config);
}

TEST(TimeToTrouble, IsHowLongThePeakLimitAndTheMemoryLimitLast) {
  auto config = config::default_config();
  config.tables["A"].settings.memory_limit_bytes = 108 * mib;
  const auto verdict = judged_with(a_mebibyte_a_second(), {}, config);
  EXPECT_EQ(verdict.verdict, Verdict::leak);
  EXPECT_NEAR(verdict.seconds_to_peak_limit.value(), 50, 1e-6) << "limit 50 MiB, nothing resident grew yet";
  EXPECT_NEAR(verdict.seconds_to_memory_limit.value(), 100, 1e-6) << "limit 108 MiB, 8 MiB resident";
}

TEST(TimeToTrouble, StartsFromWhatIsResidentAlready) {
  const auto verdict = judged_with(a_mebibyte_a_second(), [](Checkpoint& last) { *last.peak_rss_bytes += 20 * mib; });
  EXPECT_NEAR(verdict.seconds_to_peak_limit.value(), 30, 1e-6);
}

TEST(TimeToTrouble, IsZeroWhereTheLimitIsExceeded) {
  const auto verdict = judged_with(a_mebibyte_a_second(), [](Checkpoint& last) { *last.peak_rss_bytes += 60 * mib; });
  EXPECT_EQ(verdict.seconds_to_peak_limit, 0);
}

TEST(TimeToTrouble, IsEmptyWhereNothingGrows) {
  auto config = config::default_config();
  config.tables["A"].settings.memory_limit_bytes = 108 * mib;
  EXPECT_EQ(judged(thousand_iterations(), config).seconds_to_peak_limit, std::nullopt);
  EXPECT_EQ(judged(thousand_iterations(), config).seconds_to_memory_limit, std::nullopt);
}

TEST(TimeToTrouble, IsEmptyForWhatOnlyStepped) {
  const auto stepped = thousand_iterations([](Checkpoint& c) { *c.rss_bytes += c.iteration > 0 ? 20 * mib : 0; });
  EXPECT_EQ(judged(stepped).verdict, Verdict::over_threshold);
  EXPECT_EQ(judged(stepped).seconds_to_peak_limit, std::nullopt);
}

TEST(TimeToTrouble, FollowsResidentMemoryWhereTheHeapIsFlat) {
  auto mapped = thousand_iterations([](Checkpoint& c) { *c.rss_bytes += c.iteration * 16 * kib; });
  mapped.iteration_time_ns = 1e9;
  EXPECT_NEAR(judged(mapped).seconds_to_peak_limit.value(), (50.0 * mib - 1000 * 16 * kib) / (16 * kib), 1e-3);
}

TEST(TimeToTrouble, UsesTheSlopeThatWasConfirmed) {
  auto scenario = scenario_of({a_mebibyte_a_second()});
  for (const std::int64_t iterations : {4000, 16000})
    scenario.scaled_runs.push_back({iterations, repetition_of(iterations, 64, [](Checkpoint& c) {
                                      *c.heap_bytes += c.iteration * 2 * mib, *c.heap_blocks += c.iteration;
                                    })});
  const auto verdict = judge(run_of({scenario}), config::default_config()).scenarios.at(0);
  EXPECT_NEAR(verdict.seconds_to_peak_limit.value(), 25, 4) << "not 50, as the first run alone says; lengths are "
                                                               "compared by the lowest of their last eighth";
}

TEST(TimeToTrouble, WithoutASpeedThereIsNone) {
  auto repetition = a_mebibyte_a_second();
  repetition.iteration_time_ns = {};
  EXPECT_EQ(judged(repetition).seconds_to_peak_limit, std::nullopt);
}

struct MemoryCase {
  std::string name;
  record::Fingerprint fingerprint;
  std::optional<double> seconds;
};
const std::vector<MemoryCase> memory_cases = {
    {"a quarter of the machine's", {{"memory_bytes", std::to_string(4 * 1032 * mib)}}, 1024},
    {"not known", {}, {}},
    {"no number", {{"memory_bytes", "12x"}}, {}},
    {"nothing", {{"memory_bytes", "0"}}, {}},
};
TEST(TimeToTrouble, TheMemoryLimitIsTheRunnersWhereTheScenarioSetsNone) {
  for (const auto& [name, fingerprint, seconds] : memory_cases) {
    auto run = run_of({scenario_of({a_mebibyte_a_second()})});
    run.fingerprint = fingerprint;
    const auto actual = judge(run, config::default_config()).scenarios.at(0).seconds_to_memory_limit;
    ASSERT_EQ(actual.has_value(), seconds.has_value()) << name;
    EXPECT_NEAR(actual.value_or(0), seconds.value_or(0), 1e-6) << name;
  }
}

using config::Severity;
// Leaks so much a day at one iteration a millisecond.
record::Repetition leak_a_day(double bytes) {
  auto repetition =
      thousand_iterations([&](Checkpoint& c) { *c.heap_bytes += c.iteration * 100, *c.heap_blocks += c.iteration; });
  repetition.iteration_time_ns = 100 * 86'400e9 / bytes;
  return repetition;
}

TEST(Severity, IsThatOfADayOfTheLeak) {
  const std::vector<std::pair<std::int64_t, Severity>> cases = {
      {9 * mib, Severity::none},  {11 * mib, Severity::low},       {21 * mib, Severity::medium},
      {51 * mib, Severity::high}, {101 * mib, Severity::critical},
  };
  for (const auto& [bytes, expected] : cases)
    EXPECT_EQ(judged(leak_a_day(static_cast<double>(bytes))).severity, expected) << bytes;
}

TEST(Severity, IsThatOfResidentGrowthWhereThatIsLarger) {
  EXPECT_EQ(
      judged(thousand_iterations([](Checkpoint& c) { *c.rss_bytes += c.iteration > 0 ? 20 * mib : 0; })).severity,
      Severity::medium);
}

TEST(Severity, OfAPassIsNone) {
  auto config = config::default_config();
  config.defaults.final_growth_bytes = 200 * mib;
  config.defaults.peak_growth_bytes = 200 * mib;
  const auto grown = thousand_iterations([](Checkpoint& c) { *c.rss_bytes += c.iteration > 0 ? 150 * mib : 0; });
  EXPECT_EQ(judged(grown, config).severity, Severity::none);
  EXPECT_EQ(judged(grown).severity, Severity::critical);
}

TEST(Severity, DoesNotProjectNoise) {
  // A saw-tooth whose last tooth is half cut off, beside descriptors that leak.
  const auto noisy = thousand_iterations([](Checkpoint& c) {
    *c.heap_bytes += c.iteration / 20 % 5 * 4096 + c.iteration, *c.open_files += c.iteration;
  });
  EXPECT_EQ(judged(noisy).verdict, Verdict::leak);
  EXPECT_EQ(judged(noisy).severity, Severity::none);
}

TEST(Severity, DoesNotProjectRounding) {
  // As many blocks as ever, a few bytes more each: gigabytes a day at a nanosecond an iteration.
  auto rounded =
      thousand_iterations([](Checkpoint& c) { *c.heap_bytes += c.iteration, *c.open_files += c.iteration; });
  rounded.iteration_time_ns = 1;
  EXPECT_EQ(judged(rounded).severity, Severity::none);
}

TEST(Severity, UsesTheScaleOfTheConfig) {
  auto config = config::default_config();
  config.severity = {.low_bytes = 1, .medium_bytes = 2, .high_bytes = 3, .critical_bytes = 300 * mib};
  EXPECT_EQ(judged(leak_a_day(static_cast<double>(101 * mib)), config).severity, Severity::high);
}

}  // namespace
}  // namespace soak::verdict
