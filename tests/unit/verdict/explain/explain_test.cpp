#include "verdict/explain/explain.hpp"

#include <gmock/gmock.h>

#include "../runs.hpp"
#include "sites.hpp"

namespace soak::verdict {
namespace {

using record::SiteKind;
using testing::IsEmpty;

record::Scenario leaking_scenario(record::Repetition explained_run) {
  auto scenario = scenario_of({thousand_iterations([](record::Checkpoint& c) {
    *c.heap_bytes += 100 * c.iteration, *c.heap_blocks += c.iteration;
    *c.open_files += c.iteration;
  })});
  scenario.explained_run = record::ScaledRun{1600, std::move(explained_run)};
  return scenario;
}

ScenarioVerdict verdict_on(const record::Scenario& scenario) {
  return judge(run_of({scenario}), config::default_config()).scenarios.at(0);
}

const Finding& finding_of(const ScenarioVerdict& verdict, const std::string& kind) {
  return *std::ranges::find(verdict.findings, kind, &Finding::kind);
}

TEST(Explain, EachFindingHasTheSitesOfItsKind) {
  const auto verdict = verdict_on(
      leaking_scenario(explained({site_at(10, leaking(100), "node of std::map<int, int>"),
                                  site_at(20, leaking(0), "", SiteKind::descriptor), site_at(30, cache_of(1000))})));
  const auto& heap = finding_of(verdict, "heap_growth");
  ASSERT_EQ(heap.sites.size(), 1u);
  EXPECT_EQ(heap.sites[0].site.line, 10);
  ASSERT_EQ(heap.caches.size(), 1u);
  EXPECT_EQ(heap.caches[0].site.line, 30);
  EXPECT_EQ(heap.likely_cause, "global collection");
  const auto& files = finding_of(verdict, "open_files");
  ASSERT_EQ(files.sites.size(), 1u);
  EXPECT_EQ(files.sites[0].site.line, 20);
  EXPECT_THAT(files.caches, IsEmpty());
  EXPECT_EQ(files.likely_cause, "unclosed resource");
}

TEST(Explain, ChangesNoVerdict) {
  const auto without = verdict_on(leaking_scenario(explained({})));
  auto died = explained({site_at(10, leaking(100))});
  died.ending = record::Ending::crashed;
  const auto with = verdict_on(leaking_scenario(died));
  EXPECT_EQ(summary(with), summary(without));
  EXPECT_EQ(with.severity, without.severity);
  EXPECT_EQ(finding_of(with, "heap_growth").sites.size(), 1u) << "a run that died explains as far as it came";
  auto healthy = scenario_of({thousand_iterations()});
  healthy.explained_run = record::ScaledRun{1600, died};
  EXPECT_EQ(verdict_on(healthy).verdict, Verdict::pass);
}

TEST(Explain, AProcessThatDiedWhileItsHeapGrewHasTheSitesOfThat) {
  auto scenario = scenario_of({thousand_iterations([](auto& c) { *c.heap_bytes += 10'000 * c.iteration; })});
  scenario.repetitions[0].checkpoints.resize(30);
  scenario.repetitions[0].ending = record::Ending::failed;
  scenario.explained_run = record::ScaledRun{1000, explained({site_at(10, leaking(10'000))})};
  EXPECT_EQ(finding_of(verdict_on(scenario), "missing").sites.size(), 1u);
  for (auto& checkpoint : scenario.repetitions[0].checkpoints) checkpoint.heap_bytes = 64 * kib;
  EXPECT_THAT(finding_of(verdict_on(scenario), "missing").sites, IsEmpty()) << "its heap is not what it died of";
}

TEST(Explain, WithoutAnExplainedRunNothingIsExplained) {
  auto scenario = leaking_scenario({});
  scenario.explained_run.reset();
  for (const auto& finding : verdict_on(scenario).findings) {
    EXPECT_THAT(finding.sites, IsEmpty());
    EXPECT_EQ(finding.likely_cause, "");
  }
}

TEST(Explain, WhereThereAreNoSitesItSaysWhy) {
  EXPECT_EQ(verdict_on(leaking_scenario(explained({site_at(10, leaking(100))}))).not_explained, "");
  auto none = explained({});
  none.message = "died of signal 9 (Killed)";
  EXPECT_EQ(verdict_on(leaking_scenario(none)).not_explained, "died of signal 9 (Killed)");
  none.attribution->unavailable = "malloc is not the probe's";
  EXPECT_EQ(verdict_on(leaking_scenario(none)).not_explained, "malloc is not the probe's");
  none.attribution.reset();
  EXPECT_EQ(verdict_on(leaking_scenario(none)).not_explained, "the run that was to explain it has no call sites");
}

TEST(Explain, WhatMakesLessThanAHundredthIsLeftOutAndTwentyAreEnough) {
  std::vector<record::CallSite> sites = {site_at(1, leaking(100'000))};
  sites.push_back(site_at(2, leaking(10)));
  for (int line = 10; line < 40; ++line) sites.push_back(site_at(line, leaking(20'000)));
  const auto verdict = verdict_on(leaking_scenario(explained(std::move(sites))));
  const auto& heap = finding_of(verdict, "heap_growth");
  EXPECT_EQ(heap.sites.size(), 20u);
  EXPECT_EQ(heap.sites[0].site.line, 1);
  EXPECT_EQ(std::ranges::count(heap.sites, 2, [](const auto& site) { return site.site.line; }), 0);
}

}  // namespace
}  // namespace soak::verdict
