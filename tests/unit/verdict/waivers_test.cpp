#include "verdict/waivers.hpp"

#include "golden.hpp"
#include "runs.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;

record::Repetition leaking_files() {
  return thousand_iterations([](Checkpoint& c) { *c.open_files += c.iteration; });
}
record::Repetition leaking_files_and_threads() {
  return thousand_iterations([](Checkpoint& c) { *c.open_files += c.iteration, *c.threads += c.iteration; });
}

/// On 2026-11-24, of "A/a" and "A/b", both known.
record::Run run_on_the_24th(const record::Repetition& a, const record::Repetition& b) {
  auto run = run_of({scenario_of({a}, "A/a"), scenario_of({b}, "A/b")});
  run.started_at = "2026-11-24T13:39:41Z";
  run.known_scenarios = {"A/a", "A/b"};
  return run;
}

config::Config waiving(const std::string& scenario, const std::string& rest) {
  return config::parse_config("schema = 1\n[[waiver]]\nscenario = \"" + scenario + "\"\nreason = \"known\"\n" + rest,
                              "benchmarks.toml");
}

const std::string files_until_december = "metric = \"open_files\"\nuntil = 2026-12-31\n";

TEST(Waivers, AWaivedFindingIsShownAndDoesNotFail) {
  const auto verdict =
      judge(run_on_the_24th(leaking_files(), thousand_iterations()), waiving("A/a", files_until_december));
  EXPECT_EQ(verdict.verdict, Verdict::pass);
  EXPECT_EQ(exit_status(verdict), 0);
  const auto& scenario = verdict.scenarios.at(0);
  EXPECT_EQ(scenario.verdict, Verdict::pass);
  EXPECT_EQ(scenario.severity, config::Severity::none);
  ASSERT_EQ(scenario.findings.size(), 1U);
  EXPECT_EQ(scenario.findings[0].waived.value().reason, "known");
  EXPECT_EQ(scenario.findings[0].waived.value().until, "2026-12-31");
  EXPECT_EQ(scenario.findings[0].verdict, Verdict::leak) << "what it would amount to";
}

TEST(Waivers, OtherFindingsOfTheScenarioStillFail) {
  const auto verdict = judge(run_on_the_24th(leaking_files_and_threads(), thousand_iterations()),
                             waiving("A/a", files_until_december));
  EXPECT_EQ(verdict.scenarios.at(0).verdict, Verdict::leak);
  EXPECT_EQ(exit_status(verdict), 1);
}

struct DayCase {
  std::string until;
  bool holds;
};
TEST(Waivers, HoldToTheEndOfTheirLastDay) {
  for (const auto& [until, holds] : std::vector<DayCase>{{"2026-11-23", false}, {"2026-11-24", true}}) {
    const auto verdict = judge(run_on_the_24th(leaking_files(), thousand_iterations()),
                               waiving("A/a", "metric = \"open_files\"\nuntil = " + until + "\n"));
    EXPECT_EQ(verdict.scenarios.at(0).verdict, holds ? Verdict::pass : Verdict::leak) << until;
    EXPECT_EQ(exit_status(verdict), holds ? 0 : 2) << until;
  }
}

TEST(Waivers, OneThatExpiredIsAWrongRequestAtItsDate) {
  const auto verdict = judge(run_on_the_24th(leaking_files(), thousand_iterations()),
                             waiving("A/a", "metric = \"open_files\"\nuntil = 2026-11-23\n"));
  ASSERT_EQ(verdict.wrong_requests.size(), 1U);
  expect_message(verdict.wrong_requests[0], {"benchmarks.toml:6:9: ", "'A/a'", "2026-11-23"});
}

TEST(Waivers, OneThatMatchesNothingIsAWrongRequestAndThePassIsShownAllTheSame) {
  const auto verdict =
      judge(run_on_the_24th(thousand_iterations(), thousand_iterations()), waiving("A/a", files_until_december));
  EXPECT_EQ(verdict.verdict, Verdict::pass);
  EXPECT_EQ(exit_status(verdict), 2);
  ASSERT_EQ(verdict.wrong_requests.size(), 1U);
  expect_message(verdict.wrong_requests[0], {"benchmarks.toml:2:1: ", "'A/a'"});
}

TEST(Waivers, OneMatchInAFamilyIsEnough) {
  const auto verdict =
      judge(run_on_the_24th(thousand_iterations(), leaking_files()), waiving("A/*", files_until_december));
  EXPECT_EQ(exit_status(verdict), 0);
}

TEST(Waivers, NothingIsSaidOfWhatWasNotRunOrNotMeasured) {
  auto only_a = run_on_the_24th(thousand_iterations(), thousand_iterations());
  only_a.scenarios.pop_back();
  EXPECT_TRUE(judge(only_a, waiving("A/b", files_until_december)).wrong_requests.empty()) << "filtered out";
  EXPECT_TRUE(judge(only_a, waiving("A/*", files_until_december)).wrong_requests.empty()) << "a part of the family";
  EXPECT_FALSE(judge(only_a, waiving("A/a", files_until_december)).wrong_requests.empty());
  auto crashed = leaking_files();
  crashed.ending = record::Ending::crashed;
  EXPECT_TRUE(judge(run_on_the_24th(crashed, thousand_iterations()), waiving("A/a", files_until_december))
                  .wrong_requests.empty());
}

TEST(Waivers, WithoutADateInTheRecordTheyHold) {
  auto run = run_on_the_24th(leaking_files(), thousand_iterations());
  run.started_at.clear();
  EXPECT_EQ(exit_status(judge(run, waiving("A/a", "metric = \"open_files\"\nuntil = 2000-01-01\n"))), 0);
}

TEST(Waivers, ACrashIsNeverWaived) {
  auto crashed = leaking_files();
  crashed.ending = record::Ending::crashed;
  const auto verdict =
      judge(run_on_the_24th(crashed, thousand_iterations()), waiving("A/a", "site = \"*\"\nuntil = 2026-12-31\n"));
  EXPECT_EQ(verdict.scenarios.at(0).verdict, Verdict::error);
}

SiteGrowth site(const std::string& function, const std::string& file, double share) {
  SiteGrowth growth;
  growth.site.function = function;
  growth.site.file = file;
  growth.site.line = 41;
  growth.share = share;
  return growth;
}

struct SiteCase {
  std::string name;
  std::vector<std::string> waived_sites;
  std::vector<SiteGrowth> sites;
  bool is_waived;
};
const auto log_site = site("RetryLog::append(int)", "src/retry/retry_log.cpp", 0.6);
const auto cache_site = site("Cache::put(Key const&)", "src/cache.cpp", 0.39);
const std::vector<SiteCase> site_cases = {
    {"by its function, without parameters", {"Cache::put", "RetryLog::append"}, {log_site, cache_site}, true},
    {"with parameters", {"Cache::put(Key const&)", "*append(int)"}, {log_site, cache_site}, true},
    {"by its place, and by an end of it", {"src/cache.cpp:41", "retry_log.cpp:*"}, {log_site, cache_site}, true},
    {"one glob for all", {"*"}, {log_site, cache_site}, true},
    {"a site that is not waived", {"Cache::put"}, {log_site, cache_site}, false},
    {"the end of a name is not the name", {"log.cpp:41", "Cache::put"}, {log_site, cache_site}, false},
    {"another line", {"src/cache.cpp:42", "RetryLog::append"}, {log_site, cache_site}, false},
    {"too much of the growth has no site", {"*"}, {cache_site}, false},
    {"not explained", {"*"}, {}, false},
};
TEST(Waivers, BySiteWaiveWhatComesFromWaivedSitesAlone) {
  for (const auto& [name, waived_sites, sites, is_waived] : site_cases) {
    std::string text = "schema = 1\n";
    for (const auto& glob : waived_sites)
      text += "[[waiver]]\nscenario = \"A/a\"\nsite = \"" + glob + "\"\nreason = \"r\"\nuntil = 2026-12-31\n";
    const auto config = config::parse_config(text, "benchmarks.toml");
    RunVerdict verdict;
    auto& scenario = verdict.scenarios.emplace_back();
    scenario.name = "A/a";
    scenario.verdict = Verdict::leak;
    scenario.findings = {{"heap_growth", 1.0, 0.0, "grows"}};
    scenario.findings[0].verdict = Verdict::leak;
    scenario.findings[0].sites = sites;
    apply_waivers(run_on_the_24th(leaking_files(), leaking_files()), config, verdict);
    EXPECT_EQ(scenario.verdict, is_waived ? Verdict::pass : Verdict::leak) << name;
    EXPECT_EQ(scenario.findings[0].waived.has_value(), is_waived) << name;
  }
}

TEST(Waivers, BySiteAreNotCalledUnmatchedWhereNothingWasExplained) {
  const auto verdict = judge(run_on_the_24th(leaking_files(), thousand_iterations()),
                             waiving("A/a", "site = \"open_log\"\nuntil = 2026-12-31\n"));
  EXPECT_EQ(verdict.scenarios.at(0).verdict, Verdict::leak);
  EXPECT_TRUE(verdict.wrong_requests.empty());
}

}  // namespace
}  // namespace soak::verdict
