#include "run/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/user_error.hpp"
#include "golden.hpp"

namespace soak::run {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<BinaryScenarios> binaries = {
    {"/bin/a", {"RetryLoop/adaptive/iterations:1000", "RetryLoop/fixed_delay/iterations:1000", "Plain"}},
    {"/bin/b", {"Pool/iterations:50/threads:4", "Pool/iterations:50/threads:8"}},
};

std::vector<std::string> names_of(const std::vector<record::Scenario>& scenarios) {
  std::vector<std::string> names;
  for (const auto& scenario : scenarios) names.push_back(scenario.name);
  return names;
}

std::vector<std::string> names_matching(const std::string& filter) {
  PlanOptions options;
  options.filter = filter;
  return names_of(plan_scenarios(binaries, config::default_config(), options));
}

std::string refusal_of(const std::vector<BinaryScenarios>& of, const std::string& filter) {
  PlanOptions options;
  options.filter = filter;
  try {
    static_cast<void>(plan_scenarios(of, config::default_config(), options));
  } catch (const UserError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(PlanScenarios, TakesAllWithoutAFilter) {
  EXPECT_THAT(names_matching(""), ElementsAre("RetryLoop/adaptive", "RetryLoop/fixed_delay", "Plain",
                                              "Pool/threads:4", "Pool/threads:8"));
}

TEST(PlanScenarios, FiltersByFullNameAsGoogleBenchmarkDoes) {
  EXPECT_THAT(names_matching("adaptive|Plain"), ElementsAre("RetryLoop/adaptive", "Plain"));
  EXPECT_THAT(names_matching("iterations:50"), ElementsAre("Pool/threads:4", "Pool/threads:8"));
  EXPECT_THAT(names_matching("-RetryLoop|Pool"), ElementsAre("Plain"));
}

TEST(PlanScenarios, RefusesAFilterThatMatchesNothingAndOffersTheNearestName) {
  expect_message(refusal_of(binaries, "RetryLoop/adaptiv$"), {"'RetryLoop/adaptive'"});
}

TEST(PlanScenarios, RefusesAFilterThatDoesNotCompile) {
  expect_message(refusal_of(binaries, "("), {"--benchmark_filter=(:"});
}

TEST(PlanScenarios, RefusesANameThatIsThereTwice) {
  expect_message(refusal_of({{"/bin/a", {"X/iterations:1"}}, {"/bin/b", {"X/iterations:2"}}}, ""), {"'X'"});
}

TEST(PlanScenarios, TakesIterationsFromTheRequestThenTheConfigThenTheName) {
  const auto config =
      config::parse_config("schema = 1\n[scenario.\"RetryLoop/adaptive\"]\niterations = 70\n", "c.toml");
  const auto by_config = plan_scenarios(binaries, config, {});
  EXPECT_EQ(by_config[0].planned_iterations, 70);
  EXPECT_EQ(by_config[1].planned_iterations, 1000);
  EXPECT_EQ(by_config[2].planned_iterations, std::nullopt);
  PlanOptions options;
  options.iterations = 5;
  EXPECT_EQ(plan_scenarios(binaries, config, options)[0].planned_iterations, 5);
}

TEST(PlanScenarios, RefusesAWarmUpThatLeavesNothingToJudge) {
  const auto config =
      config::parse_config("schema = 1\n[scenario.\"RetryLoop/adaptive\"]\nwarm_up = 1000\n", "c.toml");
  EXPECT_THROW(static_cast<void>(plan_scenarios(binaries, config, {})), UserError);
}

TEST(PlanScenarios, PlansEveryRepetition) {
  PlanOptions options;
  options.filter = "Plain";
  options.repetitions = 3;
  const auto scenarios = plan_scenarios(binaries, config::default_config(), options);
  ASSERT_EQ(scenarios.at(0).repetitions.size(), 3u);
  EXPECT_EQ(scenarios[0].repetitions[2].ending, record::Ending::planned);
}

TEST(KnownIdentities, AreSortedAndEachThereOnce) {
  EXPECT_THAT(known_identities({{"/bin/a", {"B/iterations:1", "A"}}, {"/bin/b", {"B/iterations:2"}}}),
              ElementsAre("A", "B"));
}

}  // namespace
}  // namespace soak::run
