#include "hand_made.hpp"

namespace soak::report {
namespace {

using record::Frame;
using verdict::Verdict;

constexpr std::int64_t mib = 1 << 20;

record::CallSite leaking_site() {
  record::CallSite site;
  site.function = "retry::ErrorReportLog::append";
  site.file = "/src/scenarios/retry/error_report_log.cpp";
  site.line = 41;
  site.type = "buffer of std::string";
  site.stack = {Frame{"std::string::_M_create", "", 0, "/usr/lib/libstdc++.so.6"},
                Frame{"retry::ErrorReportLog::append", "/src/scenarios/retry/error_report_log.cpp", 41,
                      "bin/soak_scenarios", true},
                Frame{"retry::ErrorRecoveryManager::recover", "/src/scenarios/retry/error_recovery_manager.cpp", 57,
                      "bin/soak_scenarios"},
                Frame{"main", "/src/harness/fixture/main.cpp", 61, "bin/soak_scenarios"}};
  site.is_stack_complete = true;
  site.total_bytes = 30'000;
  site.total_count = 3000;
  site.history = {{0, 0, 0}, {500, 11'500, 500}, {1000, 23'000, 1000}};
  return site;
}

record::CallSite cache_site() {
  auto site = leaking_site();
  site.function = "lookup::Cache::insert";
  site.file = "/src/scenarios/lookup/cache.cpp";
  site.line = 7;
  site.type.clear();
  site.is_stack_complete = false;
  site.history = {{0, 0, 0}, {500, 4096, 10}, {1000, 4096, 10}};
  return site;
}

record::Scenario recorded(const std::string& name, record::Repetition repetition) {
  record::Scenario scenario;
  scenario.name = name;
  scenario.benchmark_name = name + "/iterations:1000";
  scenario.binary = "bin/soak_scenarios";
  scenario.planned_iterations = 1000;
  scenario.rerun_command = "soak run '--benchmark_filter=^" + name + "$'";
  repetition.wall_seconds = 1234.5;
  scenario.repetitions = {std::move(repetition)};
  return scenario;
}

verdict::ScenarioVerdict judged(const record::Scenario& scenario, Verdict verdict) {
  verdict::ScenarioVerdict judged;
  judged.name = scenario.name;
  judged.verdict = verdict;
  judged.iterations = 1000;
  judged.warm_up_iterations = 500;
  judged.heap_growth_bytes_per_iteration = 0;
  judged.heap_growth_limit_bytes_per_iteration = 0;
  judged.rss_growth_bytes = 128 << 10;
  judged.rss_peak_growth_bytes = 2 * mib;
  judged.final_growth_limit_bytes = 5 * mib;
  judged.peak_growth_limit_bytes = 50 * mib;
  judged.iteration_time_ns = 42'000;
  judged.rerun_command = scenario.rerun_command;
  return judged;
}

record::Scenario leaking_scenario() {
  auto scenario = recorded("RetryLoop/adaptive", repetition_with(64, 16, 370));
  auto explained = repetition_with(64, 16, 370);
  explained.attribution.emplace().sites = {leaking_site(), cache_site()};
  explained.types = {{"retry::ErrorReport", record::TypeSource::vtable, {{0, 0, 0}, {1000, 40'000, 1000}}}};
  scenario.explained_run = record::ScaledRun{1000, explained};
  scenario.scaled_runs = {{4000, repetition_with(64, 64, 1480)}};
  return scenario;
}

verdict::ScenarioVerdict leak_of(const record::Scenario& scenario) {
  auto leak = judged(scenario, Verdict::leak);
  leak.severity = config::Severity::critical;
  leak.heap_growth_bytes_per_iteration = 24;
  leak.seconds_to_peak_limit = 2520;
  verdict::Finding finding{"heap_growth", 24, 0,
                           "live heap grows 24 B per iteration from iteration 500 on (limit 0 B)", Verdict::leak};
  finding.sites = {{.site = leaking_site(), .share = 0.958, .bytes_per_iteration = 23, .blocks_per_iteration = 1}};
  finding.caches = {{.site = cache_site()}};
  finding.likely_cause = "log accumulation";
  leak.findings = {finding};
  return leak;
}

record::Scenario crashed_scenario() {
  auto crashed = repetition_with(20, 16, 0);
  crashed.ending = record::Ending::crashed;
  crashed.signal = 11;
  crashed.message = "was ended by signal 11 (Segmentation fault)";
  crashed.output_tail = "parsing\nplaylist_parser.cpp:88: Assertion `depth < 64' failed.\n";
  return recorded("LargePlaylist/150", crashed);
}

verdict::ScenarioVerdict crash_of(const record::Scenario& scenario) {
  verdict::ScenarioVerdict crash;
  crash.name = scenario.name;
  crash.rerun_command = scenario.rerun_command;
  crash.findings = {{"crash", {}, {}, "was ended by signal 11 (Segmentation fault)"}};
  return crash;
}

void rename(record::Repetition& repetition, const std::string& name) {
  repetition.message = repetition.output_tail = repetition.log = name;
  for (auto& checkpoint : repetition.checkpoints) checkpoint.label = name;
  for (auto& type : repetition.types) type.name = name;
  if (!repetition.attribution) return;
  for (auto& site : repetition.attribution->sites) {
    site.function = site.file = site.type = name;
    for (auto& frame : site.stack) frame.function = frame.file = frame.module = name;
  }
}

void rename(verdict::ScenarioVerdict& scenario, const std::string& name) {
  scenario.name = scenario.rerun_command = name;
  for (auto& finding : scenario.findings) {
    finding.message = finding.likely_cause = name;
    for (auto* const sites : {&finding.sites, &finding.caches})
      for (auto& growth : *sites) {
        growth.site.function = growth.site.file = growth.site.type = name;
        for (auto& frame : growth.site.stack) frame.function = frame.file = frame.module = name;
      }
  }
}

}  // namespace

record::Repetition repetition_with(std::int64_t checkpoints, std::int64_t step, std::int64_t bytes) {
  record::Repetition repetition;
  repetition.ending = record::Ending::finished;
  repetition.iterations = checkpoints * step;
  for (std::int64_t i = 0; i < checkpoints; ++i) {
    record::Checkpoint checkpoint;
    checkpoint.kind = i == 0 ? record::CheckpointKind::baseline : record::CheckpointKind::interval;
    checkpoint.iteration = i * step;
    checkpoint.heap_bytes = 100'000 + i * bytes;
    checkpoint.rss_bytes = 9 * mib + i * bytes;
    checkpoint.open_files = 4;
    repetition.checkpoints.push_back(checkpoint);
  }
  return repetition;
}

Subject HandMade::subject() const {
  Subject subject{run, verdict};
  subject.record_path = "results/latest";
  subject.source_folder = "/src";
  subject.scenario_places = {{"LargePlaylist/150", {"benchmarks.toml", 27}}};
  return subject;
}

HandMade one_of_each() {
  HandMade made;
  made.run.id = "20261124T030000Z-0123456789ab";
  made.run.started_at = "2026-11-24T03:00:00Z";
  made.run.commit = "0123456789abcdef0123456789abcdef01234567";
  made.run.completed = true;
  made.run.scenarios = {leaking_scenario(), crashed_scenario(),
                        recorded("StorageWrites", repetition_with(64, 16, 0))};
  made.verdict.run_id = made.run.id;
  made.verdict.verdict = Verdict::leak;
  made.verdict.scenarios = {leak_of(made.run.scenarios[0]), crash_of(made.run.scenarios[1]),
                            judged(made.run.scenarios[2], Verdict::pass)};
  made.verdict.scenarios[2].smallest_leak_seen_bytes_per_iteration = 0.05;
  return made;
}

HandMade one_of_each(const std::string& name) {
  auto made = one_of_each();
  made.run.id = made.run.commit = made.run.started_at = name;
  made.run.fingerprint = {{name, name}};
  for (auto& scenario : made.run.scenarios) {
    scenario.name = scenario.benchmark_name = scenario.binary = scenario.rerun_command = name;
    for (auto& repetition : scenario.repetitions) rename(repetition, name);
    if (scenario.explained_run) rename(scenario.explained_run->repetition, name);
  }
  for (auto& scenario : made.verdict.scenarios) rename(scenario, name);
  return made;
}

}  // namespace soak::report
