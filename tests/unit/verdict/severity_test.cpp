#include "runs.hpp"

namespace soak::verdict {
namespace {

using config::Severity;
using record::Checkpoint;

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
