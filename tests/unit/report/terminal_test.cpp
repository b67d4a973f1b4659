#include "report/terminal.hpp"

#include <gmock/gmock.h>

#include <sstream>

#include "base/text.hpp"

namespace soak::report {
namespace {

using testing::HasSubstr;
using testing::Not;
using verdict::RunVerdict;
using verdict::ScenarioVerdict;
using verdict::Verdict;

constexpr std::int64_t mib = 1 << 20;

ScenarioVerdict passing(const std::string& name) {
  ScenarioVerdict scenario;
  scenario.name = name;
  scenario.verdict = Verdict::pass;
  scenario.iterations = 1000;
  scenario.heap_growth_bytes_per_iteration = 0;
  scenario.rss_growth_bytes = 128 << 10;
  scenario.rss_peak_growth_bytes = 2 * mib;
  scenario.final_growth_limit_bytes = 5 * mib;
  scenario.peak_growth_limit_bytes = 50 * mib;
  scenario.iteration_time_ns = 42'000;
  scenario.rerun_command = "soak run --benchmark_filter='" + name + "'";
  return scenario;
}

RunVerdict run_of(std::vector<ScenarioVerdict> scenarios, Verdict verdict) {
  RunVerdict run;
  run.verdict = verdict;
  run.scenarios = std::move(scenarios);
  return run;
}

/// Of a record that holds nothing but a curve for every other scenario.
std::string render(const RunVerdict& verdict, const TerminalStyle& style, Detail detail = Detail::summary) {
  record::Run run;
  for (const auto& scenario : verdict.scenarios) {
    record::Scenario planned;
    planned.name = scenario.name;
    if (run.scenarios.size() % 2 == 0) {
      record::Repetition repetition;
      for (std::int64_t i = 0; i < 24; ++i) {
        record::Checkpoint checkpoint;
        checkpoint.iteration = 10 * i;
        checkpoint.heap_bytes = 1000 * i;
        repetition.checkpoints.push_back(checkpoint);
      }
      planned.repetitions.push_back(repetition);
    }
    run.scenarios.push_back(planned);
  }
  Subject subject{run, verdict};
  subject.record_path = "results/latest";
  subject.source_folder = "/src";
  return render_terminal(subject, style, detail);
}

RunVerdict mixed_run() {
  auto leak = passing("RetryLoop/adaptive");
  leak.verdict = Verdict::leak;
  leak.severity = config::Severity::critical;
  leak.heap_growth_bytes_per_iteration = 24;
  leak.rss_growth_bytes = 6 * mib;
  leak.findings = {{"heap_growth", 24, 0, "live heap grows 24 B per iteration from iteration 500 on (limit 0 B)"},
                   {"final_growth", 6e6, 5e6, "resident memory grew 6.0 MiB (limit 5.0 MiB)"}};
  ScenarioVerdict crashed;
  crashed.name = "LargePlaylist/150";
  crashed.findings = {{"crash", {}, {}, "the process was ended by signal 11"}};
  crashed.rerun_command = "soak run x";
  auto over = passing("ConcurrentDownloads/4/threads:16");
  over.verdict = Verdict::over_threshold;
  over.findings = {{"peak_growth", 6e7, 5e7, "resident memory peaked"}};
  over.rerun_command = "";
  return run_of({passing("Größe/漢字"), leak, crashed, over}, Verdict::leak);
}

TEST(RenderTerminal, ATableThenWhatFailedMostUrgentFirstThenASum) {
  EXPECT_EQ(
      render(mixed_run(), {.width = 140, .color = false}),
      R"(scenario                          verdict         heap          heap/iter  RSS growth / limit        peak / limit  time/iter
Größe/漢字                        pass            ▁▁▂▃▃▄▅▆▆▇██        0 B   128 KiB / 5.0 MiB  2.0 MiB / 50.0 MiB      42 us
RetryLoop/adaptive                leak                               24 B   6.0 MiB / 5.0 MiB  2.0 MiB / 50.0 MiB      42 us
LargePlaylist/150                 error           ▁▁▂▃▃▄▅▆▆▇██          -                   -                   -          -
ConcurrentDownloads/4/threads:16  over threshold                      0 B   128 KiB / 5.0 MiB  2.0 MiB / 50.0 MiB      42 us

leak  RetryLoop/adaptive  (critical)
  live heap grows 24 B per iteration from iteration 500 on (limit 0 B)
  resident memory grew 6.0 MiB (limit 5.0 MiB)
  run it again: soak run --benchmark_filter='RetryLoop/adaptive'

over threshold  ConcurrentDownloads/4/threads:16
  resident memory peaked

error  LargePlaylist/150
  the process was ended by signal 11
  run it again: soak run x

1 passed, 1 leak, 1 over threshold, 1 error
)");
}

TEST(RenderTerminal, AWaivedFindingIsShownBesideThePass) {
  auto waived = passing("A");
  waived.findings = {{"open_files", 3.0, 0.0, "3 more file descriptors"}};
  waived.findings[0].waived = {"fixed in 2.0", "2026-12-31"};
  const auto text = render(run_of({waived}, Verdict::pass), {});
  EXPECT_TRUE(
      text.ends_with("\npass  A\n  waived until 2026-12-31: 3 more file descriptors; because fixed in 2.0\n"
                     "  run it again: soak run --benchmark_filter='A'\n\n1 passed\n"))
      << text;
}

TEST(RenderTerminal, ALeakSaysWhenItWillHurt) {
  auto leak = passing("A");
  leak.verdict = Verdict::leak;
  leak.findings = {{"heap_growth", 24.0, 0.0, "grows"}};
  leak.seconds_to_peak_limit = 0;
  leak.seconds_to_memory_limit = 300'000;
  const auto text = render(run_of({leak}, Verdict::leak), {});
  EXPECT_NE(text.find("  grows\n  at this rate: peak limit exceeded already, memory limit after 3 days\n"),
            std::string::npos)
      << text;
}

TEST(RenderTerminal, LimitsThenTheCurveThenNamesGiveWayOnANarrowTerminal) {
  const auto run = run_of({passing("ConcurrentDownloads/4/threads:16")}, Verdict::pass);
  EXPECT_EQ(render(run, {.width = 110, .color = false}),
            R"(scenario                          verdict  heap          heap/iter  RSS growth     peak  time/iter
ConcurrentDownloads/4/threads:16  pass     ▁▁▂▃▃▄▅▆▆▇██        0 B     128 KiB  2.0 MiB      42 us

1 passed
)");
  EXPECT_EQ(render(run, {.width = 92, .color = false}),
            R"(scenario                          verdict  heap/iter  RSS growth     peak  time/iter
ConcurrentDownloads/4/threads:16  pass           0 B     128 KiB  2.0 MiB      42 us

1 passed
)");
  EXPECT_EQ(render(run, {.width = 72, .color = false}),
            R"(scenario              verdict  heap/iter  RSS growth     peak  time/iter
Concurren..hreads:16  pass           0 B     128 KiB  2.0 MiB      42 us

1 passed
)");
}

TEST(RenderTerminal, ColorsTheVerdictAndNothingElse) {
  EXPECT_EQ(render(run_of({passing("A")}, Verdict::pass), {.width = 80, .color = true}),
            "scenario  verdict  heap          heap/iter  RSS growth     peak  time/iter\n"
            "A         \x1b[32mpass   \x1b[0m  ▁▁▂▃▃▄▅▆▆▇██        0 B     128 KiB  2.0 MiB      42 us\n"
            "\n\x1b[32m1 passed\x1b[0m\n");
}

TEST(RenderTerminal, ARunThatEndedEarlySaysWhatIsMissing) {
  auto run = run_of({passing("A"), passing("B"), passing("C")}, Verdict::error);
  run.completed = false;
  for (const auto i : {1U, 2U}) {
    run.scenarios[i].verdict = Verdict::error;
    run.scenarios[i].run_to_its_end = false;
  }
  const auto text = render(run, {.width = 120, .color = false});
  EXPECT_TRUE(text.ends_with("\n1 passed, 2 errors\nthe run did not complete; not run to the end: B, C\n")) << text;
  run.scenarios.resize(1);
  EXPECT_TRUE(render(run, {}).ends_with("\n1 passed\nthe run did not complete, so it does not pass\n"));
}

TEST(RenderTerminal, APassSaysWhatItWouldHaveSeen) {
  auto run = run_of({passing("A"), passing("B"), passing("C")}, Verdict::pass);
  run.scenarios[0].smallest_leak_seen_bytes_per_iteration = 0.048;
  run.scenarios[1].smallest_leak_seen_bytes_per_iteration = 2;
  const auto text = render(run, {});
  EXPECT_TRUE(text.ends_with("\n3 passed\nwhere passed, a leak of 2 B per iteration would have shown\n")) << text;
}

TEST(RenderTerminal, ASlopeThatIsNoiseDoesNotLookLikeALeak) {
  auto noisy = passing("noisy");
  noisy.heap_growth_bytes_per_iteration = 0.244;
  noisy.heap_growth_is_noise = true;
  auto flat = passing("flat");
  flat.heap_growth_is_noise = true;
  auto accepted = passing("up to its limit");
  accepted.heap_growth_bytes_per_iteration = 24;
  auto over = noisy;
  over.name = "over";
  over.verdict = Verdict::over_threshold;
  over.rerun_command = "";
  EXPECT_EQ(
      render(run_of({noisy, flat, accepted, over}, Verdict::over_threshold), {.width = 120}),
      R"(scenario         verdict         heap          heap/iter  RSS growth / limit        peak / limit  time/iter
noisy            pass            ▁▁▂▃▃▄▅▆▆▇██       ~0 B   128 KiB / 5.0 MiB  2.0 MiB / 50.0 MiB      42 us
flat             pass                                0 B   128 KiB / 5.0 MiB  2.0 MiB / 50.0 MiB      42 us
up to its limit  pass            ▁▁▂▃▃▄▅▆▆▇██       24 B   128 KiB / 5.0 MiB  2.0 MiB / 50.0 MiB      42 us
over             over threshold                  0.244 B   128 KiB / 5.0 MiB  2.0 MiB / 50.0 MiB      42 us

over threshold  over

3 passed, 1 over threshold
)");
}

TEST(RenderTerminal, WhatWasNotKeptAndNotCheckedIsSaid) {
  auto run = run_of({passing("A"), passing("B"), passing("C")}, Verdict::pass);
  run.scenarios[1].checkpoints_dropped = 44;
  run.scenarios[2].checkpoints_dropped = 1;
  run.tables_checked = false;
  const auto text = render(run, {});
  EXPECT_TRUE(text.ends_with(
      "\n3 passed\nB: 44 labelled checkpoints more than can be kept; dropped\n"
      "C: 1 labelled checkpoint more than can be kept; dropped\n"
      "not checked: whether the configuration's scenario tables name scenarios that exist; this record "
      "does not list them\n"))
      << text;
}

TEST(RenderTerminal, NothingRunIsSaid) { EXPECT_EQ(render(RunVerdict{}, {}), "nothing was run\n"); }

TEST(RenderTerminal, AMissingLimitIsNotShown) {
  auto scenario = passing("A");
  scenario.final_growth_limit_bytes = scenario.peak_growth_limit_bytes = std::nullopt;
  const auto text = render(run_of({scenario}, Verdict::pass), {.width = 120});
  EXPECT_THAT(text, HasSubstr("             128 KiB       2.0 MiB      42 us\n"));
}

TEST(RenderTerminal, NothingFromOutsideReachesTheTerminalAsAControl) {
  auto run = mixed_run();
  const std::string hostile = "\x1b[2J\n\r\xff\u202E\u0007";
  for (auto& scenario : run.scenarios) {
    scenario.name += hostile;
    scenario.rerun_command += hostile;
    for (auto& finding : scenario.findings) finding.message += hostile;
  }
  run.completed = false;
  run.scenarios[0].run_to_its_end = false;
  const auto text = render(run, {.width = 60, .color = false});
  for (const auto* control : {"\x1b", "\r", "\xff", "\u202E", "\u0007"}) EXPECT_THAT(text, Not(HasSubstr(control)));
  EXPECT_EQ(std::ranges::count(text, '\n'), 21);
}

TEST(RenderTerminal, ColumnsLineUpWhateverTheNames) {
  const auto text = render(run_of({passing("a"), passing("漢字漢字漢字漢字漢字漢字漢字"), passing("e\u0301e\u0301"),
                                   passing(std::string(300, 'x'))},
                                  Verdict::pass),
                           {.width = 96, .color = false});
  std::istringstream lines(text);
  std::string line;
  for (int i = 0; i < 5; ++i) {
    std::getline(lines, line);
    EXPECT_EQ(columns_of(line), 96U) << line;
  }
}

}  // namespace
}  // namespace soak::report
