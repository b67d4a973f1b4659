// Programs that are measured at their end: only their lengths tell.
#include <gmock/gmock.h>

#include "runs.hpp"
#include "verdict/confirmation.hpp"

namespace soak::verdict {
namespace {

using testing::HasSubstr;

record::Repetition run_to_its_end(std::int64_t iterations, std::int64_t heap_bytes,
                                  std::int64_t rss_bytes = 8 * mib) {
  record::Repetition repetition;
  repetition.ending = record::Ending::finished;
  repetition.iterations = iterations;
  repetition.wall_seconds = 0.1;
  record::Checkpoint begin, end;
  begin.kind = record::CheckpointKind::baseline;
  begin.heap_bytes = 1000;
  end.kind = record::CheckpointKind::final;
  end.iteration = iterations;
  end.heap_bytes = heap_bytes;
  end.rss_bytes = end.peak_rss_bytes = rss_bytes;
  end.open_files = 3;
  repetition.checkpoints = {begin, end};
  return repetition;
}

record::Scenario program_of(const std::vector<std::pair<std::int64_t, std::int64_t>>& heap_by_length,
                            std::int64_t noise = 0) {
  record::Scenario scenario;
  scenario.name = "program";
  scenario.is_program = true;
  scenario.measured = record::Measured::at_end;
  const auto [shortest, heap] = heap_by_length.front();
  scenario.planned_iterations = shortest;
  scenario.repetitions = {run_to_its_end(shortest, heap), run_to_its_end(shortest, heap + noise)};
  for (std::size_t i = 1; i < heap_by_length.size(); ++i)
    scenario.scaled_runs.push_back(
        {heap_by_length[i].first, run_to_its_end(heap_by_length[i].first, heap_by_length[i].second)});
  return scenario;
}

ScenarioVerdict verdict_on(const record::Scenario& scenario) {
  return judge(run_of({scenario}), config::default_config()).scenarios.at(0);
}

TEST(Lengths, TellALeakFromWhatTheProgramNeeds) {
  struct Case {
    std::string name;
    std::vector<std::pair<std::int64_t, std::int64_t>> heap_by_length;
    std::int64_t noise;
    Verdict expected;
  };
  const Case cases[] = {
      {"nothing grows", {{100, 70'000}, {400, 70'000}, {1600, 70'000}}, 0, Verdict::pass},
      {"two lengths are enough for that", {{100, 70'000}, {400, 70'000}}, 0, Verdict::pass},
      {"a block an iteration", {{100, 72'400}, {400, 79'600}, {1600, 108'400}}, 0, Verdict::leak},
      {"two lengths are no proof", {{100, 72'400}, {400, 79'600}}, 0, Verdict::growing},
      {"a cache that is full", {{100, 72'400}, {400, 79'600}, {1600, 79'600}}, 0, Verdict::pass},
      {"ever slower", {{100, 70'000}, {400, 72'000}, {1600, 74'000}}, 0, Verdict::growing},
      {"less than four times the noise", {{100, 70'000}, {400, 70'300}, {1600, 70'390}}, 100, Verdict::pass},
      {"more than the noise", {{100, 70'000}, {400, 73'000}, {1600, 85'000}}, 100, Verdict::leak},
      {"it shrinks", {{100, 70'000}, {400, 69'000}, {1600, 68'000}}, 0, Verdict::pass},
  };
  for (const auto& [name, heap_by_length, noise, expected] : cases) {
    const auto verdict = verdict_on(program_of(heap_by_length, noise));
    EXPECT_EQ(verdict.verdict, expected) << name << ": " << summary(verdict);
  }
}

TEST(Lengths, OneAloneIsAnErrorThatSaysWhatToDo) {
  const auto verdict = verdict_on(program_of({{100, 70'000}}));
  EXPECT_EQ(verdict.verdict, Verdict::error);
  EXPECT_THAT(summary(verdict), HasSubstr("--iterations=100,400,1600"));
}

TEST(Lengths, AFailedOneIsAnErrorBesideWhatIsProven) {
  auto scenario = program_of({{100, 70'000}, {400, 70'000}, {1600, 70'000}});
  auto& longest = scenario.scaled_runs.back().repetition;
  longest.ending = record::Ending::crashed;
  longest.message = "died of signal 6 (Aborted)";
  const auto verdict = verdict_on(scenario);
  EXPECT_EQ(verdict.verdict, Verdict::error);
  EXPECT_THAT(summary(verdict), HasSubstr("at 1600 iterations it died of signal 6"));
}

TEST(Lengths, ResidentMemoryIsLimitedFromTheShortestToTheLongest) {
  auto scenario = program_of({{100, 70'000}, {400, 70'000}});
  for (auto& repetition : scenario.repetitions) repetition.checkpoints.back().rss_bytes = 30 * mib;
  scenario.scaled_runs.back().repetition.checkpoints.back().rss_bytes = 36 * mib;
  const auto verdict = verdict_on(scenario);
  EXPECT_EQ(verdict.verdict, Verdict::over_threshold) << summary(verdict);
  EXPECT_EQ(verdict.rss_growth_bytes, 6 * mib);
}

TEST(Lengths, ThePeakOfResidentMemoryIsLimitedAtEachOfThem) {
  const auto scenario = program_of({{100, 70'000}, {400, 70'000}});  // 8 MiB each
  for (const auto& [limit, expected] : {std::pair{8 * mib, Verdict::pass}, {8 * mib - 1, Verdict::over_threshold}}) {
    auto config = config::default_config();
    config.defaults.peak_rss_bytes = limit;
    const auto verdict = judge(run_of({scenario}), config).scenarios.at(0);
    EXPECT_EQ(verdict.verdict, expected) << summary(verdict);
  }
}

TEST(Lengths, WithoutAHeapResidentMemoryIsAllThatIsJudged) {
  auto scenario = program_of({{100, 0}, {400, 0}});
  for (auto& repetition : scenario.repetitions) repetition.checkpoints.back().heap_bytes.reset();
  scenario.scaled_runs.back().repetition.checkpoints.back().heap_bytes.reset();
  scenario.repetitions.front().heap_unavailable = "Go does not use malloc";
  const auto verdict = verdict_on(scenario);
  EXPECT_EQ(verdict.verdict, Verdict::pass) << summary(verdict);
  EXPECT_THAT(verdict.notes, testing::ElementsAre(HasSubstr("Go does not use malloc")));
}

TEST(Lengths, OfAProgramThatWasOverAtOnceOnlyThePeakIsKnown) {
  struct Case {
    std::int64_t peak_growth_bytes;
    Verdict expected;
    const char* said;
  };
  const Case cases[] = {{4 * mib, Verdict::pass, ""},
                        {6 * mib, Verdict::inconclusive, "over before it could be seen whether that stayed"},
                        {60 * mib, Verdict::over_threshold,
                         "the peak of resident memory grew 60.0 MiB from 100 to 400 iterations (limit 50.0 MiB)"}};
  for (const auto& [peak_growth_bytes, expected, said] : cases) {
    auto scenario = program_of({{100, 0}, {400, 0}});
    const auto forget_the_end = [](record::Repetition& repetition, std::int64_t peak_rss_bytes) {
      auto& end = repetition.checkpoints.back();
      end.heap_bytes = end.rss_bytes = end.open_files = std::nullopt;
      end.peak_rss_bytes = peak_rss_bytes;
    };
    for (auto& repetition : scenario.repetitions) forget_the_end(repetition, 8 * mib);
    forget_the_end(scenario.scaled_runs.back().repetition, 8 * mib + peak_growth_bytes);
    const auto verdict = verdict_on(scenario);
    EXPECT_EQ(verdict.verdict, expected) << summary(verdict);
    EXPECT_THAT(summary(verdict), HasSubstr(said));
    EXPECT_EQ(verdict.rss_growth_bytes, std::nullopt);
    EXPECT_EQ(verdict.rss_peak_growth_bytes, peak_growth_bytes);
  }
}

TEST(NextLength, IsFourTimesTheLongestWhileTheShapeIsOpen) {
  const auto settings = config::default_config().settings_for("program");
  const auto next = [&](const record::Scenario& scenario) { return next_run_length(scenario, settings, {}); };
  EXPECT_EQ(next(program_of({{100, 70'000}})), 400);
  EXPECT_EQ(next(program_of({{100, 70'000}, {400, 70'000}})), std::nullopt);
  EXPECT_EQ(next(program_of({{100, 72'400}, {400, 79'600}})), 1600);
  EXPECT_EQ(next(program_of({{100, 72'400}, {400, 79'600}, {1600, 108'400}})), std::nullopt);
  EXPECT_EQ(next(program_of({{100, 70'000}, {400, 72'000}, {1600, 74'000}})), 6400);
}

}  // namespace
}  // namespace soak::verdict
