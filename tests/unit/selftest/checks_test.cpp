#include "selftest/checks.hpp"

#include <gmock/gmock.h>

#include "golden.hpp"

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
  expect_message(text_of(checks), {"1 descriptor never closed (limit 0)", "leak: open_files"});
}

struct Broken {
  std::string name;
  std::vector<verdict::ScenarioVerdict> scenarios;
  std::string finding;
};
const std::vector<Broken> broken = {
    {"missed", {scenario("Planted/open_files", Verdict::pass), passing_twin}, ""},
    {"caught for something else",
     {scenario("Planted/open_files", Verdict::leak, "threads"), passing_twin},
     "message about threads"},
    {"not proven",
     {scenario("Planted/open_files", Verdict::growing, "open_files"), passing_twin},
     "message about open_files"},
    {"not run", {passing_twin}, ""},
    {"died instead", {scenario("Planted/open_files", Verdict::error, "crash"), passing_twin}, "message about crash"},
    {"the twin accused",
     {caught, scenario("Free/open_files", Verdict::leak, "heap_growth")},
     "message about heap_growth"},
    {"the twin died", {caught, scenario("Free/open_files", Verdict::error, "crash")}, "message about crash"},
    {"the twin not run", {caught}, ""},
};
TEST(Checks, FailWhereARuleIsBroken) {
  for (const auto& [name, scenarios, finding] : broken) {
    const auto checks = check(one_plant, run_of(scenarios));
    EXPECT_FALSE(all_passed(checks)) << name;
    EXPECT_NE(checks.at(0).passed(), checks.at(1).passed()) << name;
    const auto message = checks.at(0).message + checks.at(1).message;
    expect_message(message, {finding}, name);
    EXPECT_THAT(text_of(checks), testing::HasSubstr(message)) << name;
    if (&scenarios == &broken.front().scenarios) expect_wording("in all", text_of(checks));
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
  const auto checks = check(one_plant, run_of({caught}));
  const auto expected = R"json({
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
      "what": ")json" + checks.at(1).what +
                        R"json(",
      "expected": "pass",
      "found": ")json" + checks.at(1).found +
                        R"json(",
      "passed": false,
      "message": ")json" +
                        checks.at(1).message +
                        R"json("
    }
  ]
}
)json";
  EXPECT_EQ(json_of(checks), expected);
}

}  // namespace
}  // namespace soak::selftest
