#include "golden.hpp"
#include "runs.hpp"

namespace soak::verdict {
namespace {

using record::LiveType;
using record::TypeSource;

/// Counted at every checkpoint, a number more each `iterations_an_object`.
LiveType counted(const std::string& name, std::int64_t iterations, std::int64_t grown) {
  LiveType type{name, TypeSource::counted, {}};
  for (std::int64_t i = 0; i <= 50; ++i) type.history.push_back({iterations * i / 50, 0, 7 + grown * i / 50});
  return type;
}

LiveType at_both_ends(const std::string& name, TypeSource source, std::int64_t grown) {
  return {name, source, {{0, 0, 5}, {1000, 0, 5 + grown}}};
}

record::Repetition with_types(std::vector<LiveType> types) {
  auto repetition = thousand_iterations();
  repetition.types = std::move(types);
  return repetition;
}

TEST(ObjectRules, AClassThatCountsMoreAndMoreObjectsLeaks) {
  expect_message(summary(judged(with_types({counted("app::Session", 1000, 2000)}))),
                 {"leak\nobjects: ", "2000", "app::Session", "1000"});
}

TEST(ObjectRules, GrowthUpToTheLimitIsAccepted) {
  EXPECT_EQ(judged(with_types({counted("app::Session", 1000, 1000)})).verdict, Verdict::pass);
}

TEST(ObjectRules, WhatGrewOnceIsBeyondTheLimitButNoLeak) {
  auto cache = counted("app::Entry", 1000, 0);
  for (auto& point : cache.history)
    if (point.iteration > 100) point.count += 5000;
  expect_message(summary(judged(with_types({cache}))), {"over_threshold\nobjects: ", "5000", "app::Entry", "1000"});
}

TEST(ObjectRules, TypesCountedAtBothEndsOnlyProveNoLeak) {
  expect_message(summary(judged(with_types({at_both_ends("app::Circle", TypeSource::vtable, 1500)}))),
                 {"over_threshold\nobjects: ", "1500", "app::Circle", "1000"});
}

TEST(ObjectRules, TheTypeThatGrewMostIsNamedAndTheOthersAreCounted) {
  expect_message(summary(judged(with_types({at_both_ends("app::Circle", TypeSource::vtable, 1500),
                                            at_both_ends("node of std::map<int, int>", TypeSource::frames, 9000),
                                            at_both_ends("app::Small", TypeSource::vtable, 3)}))),
                 {"over_threshold\nobjects: ", "9000", "std::map", "1000", "1"});
}

TEST(ObjectRules, WhereTypesWereNotCountedNothingIsMissing) {
  EXPECT_EQ(judged(with_types({})).verdict, Verdict::pass);
  EXPECT_EQ(judged(with_types({{"app::Empty", TypeSource::counted, {}}})).verdict, Verdict::pass);
}

/// A first run in which the objects grew by so many, and scaled runs in which they did.
ScenarioVerdict judged_at_lengths(const std::vector<std::pair<std::int64_t, std::int64_t>>& grown_at) {
  record::Scenario scenario;
  for (const auto& [iterations, grown] : grown_at) {
    auto repetition = repetition_of(iterations, 51);
    repetition.types = {counted("app::Session", iterations, grown)};
    if (scenario.repetitions.empty())
      scenario = scenario_of({repetition});
    else
      scenario.scaled_runs.push_back({iterations, repetition});
  }
  return judge(run_of({scenario}), config::default_config()).scenarios.at(0);
}

TEST(ObjectRules, LongerRunsTellALeakFromATableThatFills) {
  expect_message(summary(judged_at_lengths({{1000, 2000}, {4000, 8000}, {16000, 32000}})),
                 {"leak\nobjects: ", "2000", "app::Session", "1000", "16000", "8000", "4000", "32000"});
  expect_message(summary(judged_at_lengths({{1000, 2000}, {4000, 2000}, {16000, 2000}})),
                 {"over_threshold\nobjects: ", "2000", "app::Session", "1000", "4000", "16000"});
}

record::Scenario explained(record::Repetition first, std::int64_t iterations) {
  auto scenario = scenario_of({std::move(first)});
  auto repetition = thousand_iterations();
  repetition.types = {at_both_ends("app::Circle", TypeSource::vtable, 1500)};
  scenario.explained_run = {iterations, repetition};
  return scenario;
}

TEST(ObjectRules, TheExplainedRunAddsAFindingToWhatIsAccusedAndNoVerdict) {
  const auto leaking = thousand_iterations([](record::Checkpoint& c) { *c.open_files += c.iteration; });
  const auto kinds = [](const record::Scenario& scenario) {
    std::string text;
    const auto verdict = judge(run_of({scenario}), config::default_config());
    for (const auto& finding : verdict.scenarios.at(0).findings) text += finding.kind + " ";
    return text;
  };
  EXPECT_EQ(kinds(explained(leaking, 1000)), "open_files objects ");
  EXPECT_EQ(kinds(explained(leaking, 4000)), "open_files ") << "longer than the limit is meant for";
  EXPECT_EQ(kinds(explained(thousand_iterations(), 1000)), "") << "what passes goes on passing";
}

}  // namespace
}  // namespace soak::verdict
