#include "selftest/checks.hpp"

#include <gmock/gmock.h>

namespace soak::selftest {
namespace {

using verdict::Verdict;

const std::vector<Planted> one_plant = [] {
  Planted plant;
  plant.name = "open_files";
  plant.what = "1 descriptor never closed (limit 0)";
  plant.kind = "open_files";
  plant.must_be_proven = true;
  return std::vector{plant};
}();

verdict::ScenarioVerdict scenario(const std::string& name, Verdict verdict, const std::string& kind = "") {
  verdict::ScenarioVerdict scenario;
  scenario.name = name;
  scenario.verdict = verdict;
  if (kind.empty()) return scenario;
  scenario.findings = {{kind, 1.0, 0.0, "message about " + kind}};
  scenario.findings[0].verdict = verdict;
  return scenario;
}

verdict::RunVerdict run_of(std::vector<verdict::ScenarioVerdict> scenarios) {
  verdict::RunVerdict run;
  run.scenarios = std::move(scenarios);
  return run;
}

const auto caught = scenario("Planted/open_files", Verdict::leak, "open_files");
const auto passing_twin = scenario("Free/open_files", Verdict::pass);

TEST(Checks, PassWhereTheLeakIsCaughtAndTheTwinPasses) {
  const auto checks = check(one_plant, run_of({caught, passing_twin}));
  EXPECT_TRUE(all_passed(checks));
  EXPECT_EQ(text_of(checks),
            "caught      1 descriptor never closed (limit 0)\n    leak: open_files\n\n"
            "1 of 1 planted leaks caught, 1 of 1 leak-free twins passed\n");
}

struct Broken {
  std::string name;
  std::vector<verdict::ScenarioVerdict> scenarios;
  std::string message;
};
const std::vector<Broken> broken = {
    {"missed", {scenario("Planted/open_files", Verdict::pass), passing_twin}, "was not caught: no finding"},
    {"caught for something else",
     {scenario("Planted/open_files", Verdict::leak, "threads"), passing_twin},
     "was not caught: message about threads"},
    {"not proven",
     {scenario("Planted/open_files", Verdict::growing, "open_files"), passing_twin},
     "was not caught: message about open_files"},
    {"not run", {passing_twin}, "was not caught: it was not run"},
    {"died instead",
     {scenario("Planted/open_files", Verdict::error, "crash"), passing_twin},
     "was not caught: message about crash"},
    {"the twin accused",
     {caught, scenario("Free/open_files", Verdict::leak, "heap_growth")},
     "was accused: message about heap_growth"},
    {"the twin died",
     {caught, scenario("Free/open_files", Verdict::error, "crash")},
     "was accused: message about crash"},
    {"the twin not run", {caught}, "was accused: it was not run"},
};
TEST(Checks, FailWhereARuleIsBroken) {
  for (const auto& [name, scenarios, message] : broken) {
    const auto checks = check(one_plant, run_of(scenarios));
    EXPECT_FALSE(all_passed(checks)) << name;
    EXPECT_EQ(checks.at(0).message + checks.at(1).message, message) << name;
    EXPECT_THAT(text_of(checks), testing::HasSubstr("what soak says now is not to be believed\n")) << name;
  }
}

TEST(Checks, AWaivedFindingCatchesNothing) {
  auto waived = caught;
  waived.verdict = Verdict::pass;
  waived.findings[0].waived = {"reason", "2026-01-01"};
  EXPECT_FALSE(all_passed(check(one_plant, run_of({waived, passing_twin}))));
}

TEST(Checks, NothingPlantedIsNoPass) { EXPECT_FALSE(all_passed(check({}, run_of({})))); }

TEST(Checks, TheirJsonIsAContract) {
  const std::string expected = R"json({
  "schema_version": 1,
  "passed": false,
  "checks": [
    {
      "scenario": "Planted/open_files",
      "what": "1 descriptor never closed (limit 0)",
      "expected": "leak: open_files",
      "found": "leak: open_files",
      "passed": true,
      "message": null
    },
    {
      "scenario": "Free/open_files",
      "what": "the same within the limits",
      "expected": "pass",
      "found": "not run",
      "passed": false,
      "message": "was accused: it was not run"
    }
  ]
}
)json";
  EXPECT_EQ(json_of(check(one_plant, run_of({caught}))), expected);
}

}  // namespace
}  // namespace soak::selftest
