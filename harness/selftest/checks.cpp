#include "selftest/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace soak::selftest {
namespace {

using verdict::Finding;
using verdict::ScenarioVerdict;
using verdict::Verdict;

const ScenarioVerdict* verdict_on(const std::string& scenario, const verdict::RunVerdict& run) {
  const auto found = std::ranges::find(run.scenarios, scenario, &ScenarioVerdict::name);
  return found == run.scenarios.end() ? nullptr : &*found;
}

std::string found_in(const ScenarioVerdict* scenario) {
  if (scenario == nullptr) return "not run";
  auto text = to_string(scenario->verdict);
  for (std::size_t i = 0; i < scenario->findings.size(); ++i)
    text += (i == 0 ? ": " : ", ") + scenario->findings[i].kind;
  return text;
}

// What proves a leak of this kind; a crash proves nothing but itself.
Verdict proof_of(const Planted& plant) { return plant.kind == "crash" ? Verdict::error : Verdict::leak; }

bool is_caught_by(const Planted& plant, const Finding& finding) {
  if (finding.kind != plant.kind || finding.waived) return false;
  if (plant.must_be_proven) return finding.verdict == proof_of(plant);
  return finding.verdict == Verdict::leak || finding.verdict == Verdict::over_threshold;
}

std::string told_by(const ScenarioVerdict* scenario) {
  if (scenario == nullptr) return "it was not run";
  std::string told;
  for (const auto& finding : scenario->findings) told += (told.empty() ? "" : "; ") + finding.message;
  return told.empty() ? "no finding" : told;
}

Check check_planted(const Planted& plant, const verdict::RunVerdict& run) {
  const auto name = "Planted/" + plant.name;
  const auto* const scenario = verdict_on(name, run);
  const bool caught =
      scenario != nullptr && scenario->verdict != Verdict::pass &&
      std::ranges::any_of(scenario->findings, [&](const Finding& finding) { return is_caught_by(plant, finding); });
  const auto proof = plant.must_be_proven ? to_string(proof_of(plant)) : "over_threshold";
  return {name, plant.what, fmt::format("{}: {}", proof, plant.kind), found_in(scenario),
          caught ? "" : fmt::format("was not caught: {}", told_by(scenario))};
}

Check check_twin(const Planted& plant, const verdict::RunVerdict& run) {
  const auto name = "Free/" + plant.name;
  const auto* const scenario = verdict_on(name, run);
  const bool passed = scenario != nullptr && scenario->verdict == Verdict::pass && scenario->findings.empty();
  return {name, "the same within the limits", "pass", found_in(scenario),
          passed ? "" : fmt::format("was accused: {}", told_by(scenario))};
}

bool is_twin(const Check& check) { return check.scenario.starts_with("Free/"); }

}  // namespace

std::vector<Check> check(const std::vector<Planted>& plants, const verdict::RunVerdict& verdict) {
  std::vector<Check> checks;
  for (const auto& plant : plants) {
    checks.push_back(check_planted(plant, verdict));
    checks.push_back(check_twin(plant, verdict));
  }
  return checks;
}

bool all_passed(const std::vector<Check>& checks) {
  return !checks.empty() && std::ranges::all_of(checks, &Check::passed);
}

std::string text_of(const std::vector<Check>& checks) {
  std::string text;
  std::size_t planted = 0, caught = 0, twins = 0, passed = 0;
  for (const auto& check : checks) {
    (is_twin(check) ? twins : planted) += 1;
    if (check.passed()) (is_twin(check) ? passed : caught) += 1;
    if (!is_twin(check))
      text += fmt::format("{}  {}\n    {}\n", check.passed() ? "caught    " : "NOT CAUGHT", check.what, check.found);
  }
  for (const auto& check : checks)
    if (!check.passed()) text += fmt::format("\n{} {}\n", check.scenario, check.message);
  text += fmt::format("\n{} of {} planted leaks caught, {} of {} leak-free twins passed\n", caught, planted, passed,
                      twins);
  if (!all_passed(checks)) text += "what soak says now is not to be believed\n";
  return text;
}

std::string json_of(const std::vector<Check>& checks) {
  using Json = nlohmann::ordered_json;
  auto list = Json::array();
  for (const auto& check : checks)
    list.push_back({{"scenario", check.scenario},
                    {"what", check.what},
                    {"expected", check.expected},
                    {"found", check.found},
                    {"passed", check.passed()},
                    {"message", check.passed() ? Json() : Json(check.message)}});
  const Json json{{"schema_version", 1}, {"passed", all_passed(checks)}, {"checks", list}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace soak::selftest
