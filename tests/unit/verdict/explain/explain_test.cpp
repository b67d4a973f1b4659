#include "verdict/explain/explain.hpp"

#include <gmock/gmock.h>

#include "../runs.hpp"
#include "golden.hpp"
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
  expect_message(verdict_on(leaking_scenario(none)).not_explained, {});
}

TEST(Explain, WhatTheSitesDoNotTellIsSaid) {
  auto run = explained({site_at(10, leaking(100)), site_at(20, leaking(0), "", SiteKind::descriptor)});
  EXPECT_EQ(finding_of(verdict_on(leaking_scenario(run)), "heap_growth").sites_note, "");
  run.attribution->overflowed_allocations = 12;
  auto verdict = verdict_on(leaking_scenario(run));
  expect_message(finding_of(verdict, "heap_growth").sites_note, {"12"});
  EXPECT_EQ(finding_of(verdict, "open_files").sites_note, "") << "descriptors have a table of their own";

  auto beside = explained({site_at(10, leaking(100))}, 300);
  beside.attribution->overflowed_allocations = 1;
  verdict = verdict_on(leaking_scenario(beside));
  expect_message(finding_of(verdict, "heap_growth").sites_note, {"1", "75 %"});
}

/// Grows by 8 MiB in resident memory over the planned run, and peaks 60 MiB above the baseline.
record::Scenario resident_scenario(record::Repetition explained_run) {
  auto scenario = scenario_of({thousand_iterations([](record::Checkpoint& c) {
    *c.rss_bytes += 8 * kib * c.iteration;
    if (c.iteration >= 500) *c.peak_rss_bytes += 60 * mib;
  })});
  scenario.explained_run = record::ScaledRun{1600, std::move(explained_run)};
  return scenario;
}

/// The resident memory of a run with call sites, which grows by so much in all.
record::Repetition with_resident(record::Repetition run, std::int64_t growth_bytes) {
  for (auto& checkpoint : run.checkpoints)
    checkpoint.rss_bytes = 8 * mib + growth_bytes * checkpoint.iteration / 1600;
  return run;
}

TEST(Explain, ResidentGrowthHasTheSitesOfLiveHeapWhereThatMakesMostOfIt) {
  const auto mostly = verdict_on(resident_scenario(
      with_resident(explained({site_at(10, leaking(5000)), site_at(20, cache_of(1000))}), 10 * mib)));
  const auto& finding = finding_of(mostly, "final_growth");
  ASSERT_EQ(finding.sites.size(), 1U);
  EXPECT_EQ(finding.sites[0].site.line, 10);
  EXPECT_EQ(finding.caches.size(), 1U);
  expect_message(finding.sites_note, {"10.0 MiB"});

  const auto hardly = verdict_on(resident_scenario(with_resident(explained({site_at(10, leaking(100))}), 10 * mib)));
  EXPECT_THAT(finding_of(hardly, "final_growth").sites, IsEmpty());
  expect_message(finding_of(hardly, "final_growth").sites_note, {});
}

TEST(Explain, APeakHasWhatWasAliveWhereTheSitesStoodHighest) {
  const auto picture = [](std::int64_t i) {
    const auto bytes = i == 800 ? 40 * mib : 0;
    return record::LivePoint{i, bytes, i == 800 ? 1 : 0, bytes};
  };
  const auto seen = verdict_on(
      resident_scenario(explained({site_at(10, picture), site_at(20, leaking(1000)), site_at(30, constant(99))})));
  const auto& finding = finding_of(seen, "peak_growth");
  ASSERT_EQ(finding.sites.size(), 2U);
  EXPECT_EQ(finding.sites[0].site.line, 10);
  EXPECT_EQ(finding.sites[0].site.history.back().bytes, 40 * mib) << "as it stood at the peak";
  EXPECT_NEAR(finding.sites[0].share, 0.98, 0.01);
  EXPECT_EQ(finding.sites[0].bytes_per_iteration, 0);
  expect_message(finding.sites_note, {"800"});

  const auto between = verdict_on(resident_scenario(explained({site_at(20, leaking(1000))})));
  EXPECT_THAT(finding_of(between, "peak_growth").sites, IsEmpty());
  expect_message(finding_of(between, "peak_growth").sites_note, {});
}

TEST(Explain, ObjectsHaveTheSitesWhoseBlocksCarryTheirType) {
  struct Case {
    const char* site_type;
    record::TypeSource source;
    bool carries;
  };
  using record::TypeSource;
  for (const auto& [site_type, source, carries] :
       {Case{"Widget", TypeSource::counted, true}, Case{"node of std::map<int, Widget>", TypeSource::counted, true},
        Case{"WidgetPool", TypeSource::counted, false}, Case{"ui::Widget", TypeSource::vtable, false},
        Case{"node of std::map<int, Widget>", TypeSource::frames, false}, Case{"", TypeSource::vtable, false}}) {
    auto scenario = scenario_of({thousand_iterations()});
    scenario.repetitions[0].types = {{"Widget", source, {{0, 0, 0}, {1000, 0, 2000}}}};
    scenario.explained_run =
        record::ScaledRun{1600, explained({site_at(10, leaking(8), site_type), site_at(20, leaking(9), "Other")})};
    const auto verdict = verdict_on(scenario);
    const auto& finding = finding_of(verdict, "objects");
    EXPECT_EQ(finding.sites.size(), carries ? 1U : 0U) << site_type;
    if (carries) {
      EXPECT_EQ(finding.sites[0].site.line, 10);
      EXPECT_EQ(finding.sites[0].share, 1);
    }
    EXPECT_EQ(finding.sites_note.empty(), carries);
    if (!carries) expect_wording(std::string("sites of '") + site_type + "'", finding.sites_note);
  }
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
