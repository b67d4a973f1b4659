#include <gmock/gmock.h>

#include <limits>

#include "verdict/verdict.hpp"

namespace soak::verdict {
namespace {

using testing::HasSubstr;

SiteGrowth site_that_grows() {
  SiteGrowth growth;
  growth.site.function = "Cache::add";
  growth.site.file = "/src/cache.cpp";
  growth.site.line = 12;
  growth.site.stack = {{"Cache::add", "/src/cache.cpp", 12, "bin/app", false}, {"app+0x10", "", 0, "bin/app", false}};
  growth.site.history = {{0, 0, 0}, {4000, 72'000, 2000}};
  growth.stack_count = 2;
  growth.share = 0.75;
  growth.bytes_per_iteration = 18;
  growth.blocks_per_iteration = 0.5;
  growth.shape = Shape::linear;
  return growth;
}

TEST(VerdictJson, IsTheContractOfTheJsonOption) {
  RunVerdict run;
  run.run_id = "r1";
  run.verdict = Verdict::leak;
  ScenarioVerdict leak;
  leak.name = "A/b";
  leak.verdict = Verdict::leak;
  leak.severity = config::Severity::critical;
  leak.iterations = 1000;
  leak.heap_growth_bytes_per_iteration = 24.5;
  leak.rss_growth_bytes = 8192;
  leak.rss_peak_growth_bytes = 16384;
  leak.heap_peak_growth_bytes = 4096;
  leak.setup_growth_bytes = 100;
  leak.teardown_growth_bytes = -100;
  leak.iteration_time_ns = 1500.5;
  leak.seconds_to_peak_limit = 3600;
  leak.checkpoints_dropped = 9;
  leak.heap_growth_limit_bytes_per_iteration = 0;
  leak.final_growth_limit_bytes = 1024;
  leak.peak_growth_limit_bytes = 2048;
  leak.rerun_command = "soak run";
  leak.shapes = {{"rss_bytes", {Shape::linear, 24, Interval{20, 28.5}, 512}}};
  leak.not_explained = "malloc is not the probe's";
  leak.findings = {{"heap_growth", 24.5, 0.0, "grows"}, {"crash", {}, {}, "died"}};
  leak.findings[0].verdict = Verdict::leak;
  leak.findings[0].shape = Shape::linear;
  leak.findings[0].per_iteration = 24;
  leak.findings[0].confirmed = {{1000, 24'000}, {4000, 96'000}};
  leak.findings[0].likely_cause = "global collection";
  leak.findings[0].sites = {site_that_grows()};
  leak.findings[1].waived = {"known", "2026-12-31"};
  run.scenarios = {leak};
  EXPECT_EQ(to_json(run), R"({
  "schema_version": 1,
  "verdict": "leak",
  "run": "r1",
  "completed": true,
  "tables_checked": true,
  "times_beside_others": false,
  "wrong_requests": [],
  "scenarios": [
    {
      "name": "A/b",
      "verdict": "leak",
      "severity": "critical",
      "iterations": 1000,
      "is_over_time": false,
      "is_fixed": false,
      "heap_growth_bytes_per_iteration": 24.5,
      "heap_growth_is_noise": false,
      "smallest_leak_seen_bytes_per_iteration": null,
      "rss_growth_bytes": 8192,
      "rss_peak_growth_bytes": 16384,
      "heap_peak_growth_bytes": 4096,
      "setup_growth_bytes": 100,
      "teardown_growth_bytes": -100,
      "iteration_time_ns": 1500.5,
      "seconds_to_peak_limit": 3600.0,
      "seconds_to_memory_limit": null,
      "checkpoints_dropped": 9,
      "limits": {
        "heap_growth_bytes_per_iteration": 0.0,
        "rss_growth_bytes": 1024,
        "rss_peak_growth_bytes": 2048
      },
      "rerun_command": "soak run",
      "notes": [],
      "shapes": {
        "rss_bytes": {
          "shape": "linear",
          "per_iteration": 24.0,
          "interval": [
            20.0,
            28.5
          ],
          "since_iteration": 512,
          "smallest_leak_seen_per_iteration": null
        }
      },
      "not_explained": "malloc is not the probe's",
      "findings": [
        {
          "kind": "heap_growth",
          "value": 24.5,
          "limit": 0.0,
          "message": "grows",
          "verdict": "leak",
          "shape": "linear",
          "bytes_per_iteration": 24.0,
          "confirmed": [
            {
              "iterations": 1000,
              "growth_bytes": 24000
            },
            {
              "iterations": 4000,
              "growth_bytes": 96000
            }
          ],
          "likely_cause": "global collection",
          "sites": [
            {
              "function": "Cache::add",
              "file": "/src/cache.cpp",
              "line": 12,
              "type": null,
              "kind": "heap",
              "share": 0.75,
              "bytes_per_iteration": 18.0,
              "blocks_per_iteration": 0.5,
              "shape": "linear",
              "live_bytes": 72000,
              "live_blocks": 2000,
              "stack_count": 2,
              "stack": [
                {
                  "function": "Cache::add",
                  "file": "/src/cache.cpp",
                  "line": 12
                },
                {
                  "function": "app+0x10",
                  "file": null,
                  "line": null
                }
              ]
            }
          ],
          "caches": [],
          "sites_note": null
        },
        {
          "kind": "crash",
          "value": null,
          "limit": null,
          "message": "died",
          "verdict": "error",
          "likely_cause": null,
          "sites": [],
          "caches": [],
          "sites_note": null,
          "waived": {
            "reason": "known",
            "until": "2026-12-31"
          }
        }
      ]
    }
  ]
}
)");
}

TEST(VerdictJson, WithoutScenariosIsStillTheContract) {
  EXPECT_EQ(to_json(RunVerdict{}),
            "{\n  \"schema_version\": 1,\n  \"verdict\": \"error\",\n  \"run\": \"\",\n"
            "  \"completed\": true,\n  \"tables_checked\": true,\n  \"times_beside_others\": false,\n  "
            "\"wrong_requests\": [],\n  \"scenarios\": []\n}\n");
}

TEST(VerdictJson, HasNoNumberThatIsNoNumberAndNoByteThatIsNoUtf8) {
  RunVerdict run;
  auto& scenario = run.scenarios.emplace_back();
  scenario.name =
      "a\xff"
      "b";
  scenario.iteration_time_ns = std::numeric_limits<double>::quiet_NaN();
  scenario.findings = {{"crash", std::numeric_limits<double>::infinity(), {}, "\xc3"}};
  const auto json = to_json(run);
  EXPECT_THAT(json, HasSubstr("\"name\": \"a\uFFFDb\""));
  EXPECT_THAT(json, HasSubstr("\"iteration_time_ns\": null"));
  EXPECT_THAT(json, HasSubstr("\"value\": null"));
}

TEST(VerdictJson, EveryVerdictAndSeverityHasItsName) {
  const std::vector<std::pair<Verdict, std::string>> verdicts = {
      {Verdict::pass, "pass"},       {Verdict::leak, "leak"},
      {Verdict::growing, "growing"}, {Verdict::over_threshold, "over_threshold"},
      {Verdict::error, "error"},     {Verdict::inconclusive, "inconclusive"}};
  for (const auto& [verdict, name] : verdicts) EXPECT_EQ(to_string(verdict), name);
  using config::Severity;
  const std::vector<std::pair<Severity, std::string>> severities = {{Severity::none, "none"},
                                                                    {Severity::low, "low"},
                                                                    {Severity::medium, "medium"},
                                                                    {Severity::high, "high"},
                                                                    {Severity::critical, "critical"}};
  for (const auto& [severity, name] : severities) EXPECT_EQ(to_string(severity), name);
}

}  // namespace
}  // namespace soak::verdict
