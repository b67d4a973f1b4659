#include "golden.hpp"
#include "runs.hpp"

namespace soak::verdict {
namespace {

using record::Ending;

record::Repetition ended(Ending ending, const std::string& message = "") {
  auto repetition = thousand_iterations();
  repetition.ending = ending;
  repetition.message = message;
  repetition.checkpoints.resize(26);
  return repetition;
}

TEST(Completeness, WhatDidNotFinishIsAnErrorThatSaysWhy) {
  auto killed = ended(Ending::crashed);
  killed.signal = 11;
  auto slow = ended(Ending::timed_out);
  slow.wall_seconds = 600.25;
  auto unstarted = ended(Ending::planned);
  unstarted.checkpoints.clear();
  expect_message(summary(judged(unstarted)), {"error\nmissing: "}, "not run");
  expect_message(summary(judged(ended(Ending::running))), {"error\nmissing: ", "500"}, "running");
  expect_message(summary(judged(ended(Ending::interrupted))), {"error\nmissing: ", "500"}, "interrupted");
  expect_message(summary(judged(ended(Ending::failed, "threw: no server"))),
                 {"error\nmissing: threw: no server", "500"}, "failed");
  expect_message(summary(judged(ended(Ending::failed))), {"error\nmissing: ", "500"}, "failed without a message");
  expect_message(summary(judged(killed)), {"error\ncrash: ", "11", "500"}, "killed");
  expect_message(summary(judged(slow)), {"error\ntimeout: ", "600.2 s", "600.0 s", "500"}, "slow");
}

TEST(Completeness, ADeadProcessIsNeverMoreThanAnErrorButItsFiguresAreShown) {
  auto repetition = thousand_iterations([](record::Checkpoint& c) {
    *c.heap_bytes += 100 * c.iteration, *c.heap_blocks += c.iteration, *c.rss_bytes += 100 * kib * c.iteration;
  });
  repetition.checkpoints.resize(26);
  repetition.ending = Ending::crashed;
  repetition.iterations = std::nullopt;
  const auto verdict = judged(repetition);
  EXPECT_EQ(verdict.verdict, Verdict::error);
  EXPECT_EQ(verdict.findings.size(), 1U);
  EXPECT_EQ(verdict.iterations, 500);
  EXPECT_EQ(verdict.heap_growth_bytes_per_iteration, 100);
  EXPECT_EQ(verdict.rss_growth_bytes, 500 * 100 * kib);
  EXPECT_EQ(verdict.rss_peak_growth_bytes, 500 * 100 * kib);
}

TEST(Completeness, AFinishedProcessWithoutItsCheckpointsIsAnError) {
  auto none = thousand_iterations();
  none.checkpoints.clear();
  auto no_final = thousand_iterations();
  no_final.checkpoints.pop_back();
  auto no_baseline = thousand_iterations();
  no_baseline.checkpoints.erase(no_baseline.checkpoints.begin());
  expect_message(summary(judged(none)), {"error\nmissing: ", "soak::checkpoints"});
  EXPECT_EQ(judged(no_baseline).verdict, Verdict::error);
  expect_message(summary(judged(no_final)), {"error\nmissing: ", "980"});
}

struct IterationsCase {
  std::optional<std::int64_t> planned;
  int threads;
  std::optional<std::int64_t> reported;
  std::int64_t at_final;
  Verdict expected;
};

TEST(Completeness, IterationsAreThoseThatWerePlanned) {
  const std::vector<IterationsCase> cases = {
      {1000, 1, 1000, 1000, Verdict::pass},
      {1000, 4, 4000, 1000, Verdict::pass},
      {1000, 4, 1000, 1000, Verdict::error},
      {{}, 1, 1200, 1000, Verdict::pass},
      {1000, 1, {}, 1000, Verdict::pass},
      {1000, 1, 1200, 1000, Verdict::error},
      {1000, 1, 4000, 1000, Verdict::error},
      {1000, 4, 4001, 1000, Verdict::error},
      {1000, 4, 2000, 1000, Verdict::error},
      {1000, 1, 1000, 999, Verdict::error},
      {1000, 1, {}, 1, Verdict::error},
      {1000, 1, 0, 1000, Verdict::error},
      {1000, 4, 4000, 4000, Verdict::error},
      {1000, 4, {}, 4000, Verdict::error},
      {0, 1, 0, 0, Verdict::error},
      {{}, 1, 0, 0, Verdict::error},
      {std::int64_t{1} << 53, 1024, 1000, 1000, Verdict::error},
  };
  for (const auto& [planned, threads, reported, at_final, expected] : cases) {
    auto repetition = thousand_iterations();
    repetition.iterations = reported;
    repetition.checkpoints.back().iteration = at_final;
    auto scenario = scenario_of({repetition});
    scenario.planned_iterations = planned;
    scenario.threads = threads;
    const auto verdict = judge(run_of({scenario}), config::default_config()).scenarios.at(0);
    EXPECT_EQ(verdict.verdict, expected) << threads << " threads, reported " << reported.value_or(-1) << "\n"
                                         << summary(verdict);
  }
}

TEST(Completeness, AnotherNumberOfIterationsIsSaid) {
  auto repetition = thousand_iterations();
  repetition.iterations = 1200;
  auto scenario = scenario_of({repetition});
  scenario.planned_iterations = 1000;
  expect_message(summary(judge(run_of({scenario}), config::default_config()).scenarios.at(0)),
                 {"error\nmissing: ", "1200", "1000"});
  scenario.threads = 4;
  scenario.repetitions[0].iterations = 1000;
  expect_message(summary(judge(run_of({scenario}), config::default_config()).scenarios.at(0)),
                 {"error\nmissing: ", "1000", "4"});
  scenario.repetitions[0].iterations = 4000;
  scenario.repetitions[0].checkpoints.back().iteration = 4000;
  expect_message(summary(judge(run_of({scenario}), config::default_config()).scenarios.at(0)),
                 {"error\nmissing: ", "4000", "1000"});
}

TEST(Completeness, NoIterationBetweenBaselineAndFinalIsAnErrorWhateverWasPlanned) {
  auto repetition = thousand_iterations();
  for (auto& checkpoint : repetition.checkpoints) checkpoint.iteration = 1000;
  expect_message(summary(judged(repetition)), {"error\nmissing: "});
}

TEST(Completeness, AFinishedProcessEndedWithoutAFault) {
  auto repetition = thousand_iterations();
  repetition.exit_status = 0;
  EXPECT_EQ(judged(repetition).verdict, Verdict::pass);
  repetition.exit_status = 3;
  expect_message(summary(judged(repetition)), {"error\nmissing: ", "3"});
  repetition.exit_status = std::nullopt;
  repetition.signal = 11;
  expect_message(summary(judged(repetition)), {"error\nmissing: ", "11"});
}

}  // namespace
}  // namespace soak::verdict
