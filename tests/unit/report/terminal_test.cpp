#include "report/terminal.hpp"

#include <gmock/gmock.h>

#include <sstream>

#include "base/text.hpp"
#include "golden.hpp"

namespace soak::report {
namespace {

using testing::AllOf;
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

/// The sum and what follows it.
std::string end_of(const std::string& text) { return text.substr(text.rfind("\n\n") + 2); }

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

/// The places of these texts, which must all be there.
std::vector<std::size_t> places_of(const std::vector<std::string>& parts, const std::string& text) {
  std::vector<std::size_t> places;
  for (const auto& part : parts) {
    places.push_back(text.find(part));
    EXPECT_NE(places.back(), std::string::npos) << part << " in " << text;
  }
  return places;
}

TEST(RenderTerminal, ATableThenWhatFailedMostUrgentFirstThenASum) {
  const auto text = render(mixed_run(), {.width = 140, .color = false});
  const auto places = places_of(
      {"Größe/漢字  ", "RetryLoop/adaptive  ", "LargePlaylist/150  ", "ConcurrentDownloads/4/threads:16  ",
       "\nleak  RetryLoop/adaptive", "\nover threshold  ConcurrentDownloads", "\nerror  LargePlaylist/150", "1 leak"},
      text);
  EXPECT_TRUE(std::ranges::is_sorted(places)) << text;
  expect_message(text, {"24 B", "6.0 MiB / 5.0 MiB", "2.0 MiB / 50.0 MiB", "42 us",
                        "soak run --benchmark_filter='RetryLoop/adaptive'", "soak run x"});
}

TEST(RenderTerminal, AWaivedFindingIsShownBesideThePass) {
  auto waived = passing("A");
  waived.findings = {{"open_files", 3.0, 0.0, "3 more file descriptors"}};
  waived.findings[0].waived = {"fixed in 2.0", "2026-12-31"};
  const auto text = render(run_of({waived}, Verdict::pass), {});
  expect_message(text, {"\npass  A\n", "2026-12-31", "3 more file descriptors", "fixed in 2.0",
                        "soak run --benchmark_filter='A'"});
}

TEST(RenderTerminal, ALeakSaysWhenItWillHurt) {
  auto leak = passing("A");
  leak.verdict = Verdict::leak;
  leak.findings = {{"heap_growth", 24.0, 0.0, "grows"}};
  leak.seconds_to_peak_limit = 0;
  leak.seconds_to_memory_limit = 300'000;
  const auto text = render(run_of({leak}, Verdict::leak), {});
  expect_message(text, {"  grows\n", "3 days"});
}

TEST(RenderTerminal, LimitsThenTheCurveThenNamesGiveWayOnANarrowTerminal) {
  const auto run = run_of({passing("ConcurrentDownloads/4/threads:16")}, Verdict::pass);
  const auto wide = render(run, {.width = 110, .color = false});
  EXPECT_THAT(wide, AllOf(HasSubstr("▁▁▂▃▃▄▅▆▆▇██"), Not(HasSubstr("5.0 MiB"))));
  expect_message(wide, {"ConcurrentDownloads/4/threads:16"}, "110 columns");
  const auto narrower = render(run, {.width = 92, .color = false});
  EXPECT_THAT(narrower, Not(HasSubstr("▁")));
  expect_message(narrower, {"ConcurrentDownloads/4/threads:16"}, "92 columns");
  expect_message(render(run, {.width = 72, .color = false}), {"Concurren..hreads:16"}, "72 columns");
}

TEST(RenderTerminal, ColorsTheVerdictAndNothingElse) {
  const auto text = render(run_of({passing("A")}, Verdict::pass), {.width = 80, .color = true});
  EXPECT_THAT(text, HasSubstr("\x1b[32mpass   \x1b[0m"));
  EXPECT_TRUE(text.ends_with("\x1b[0m\n")) << text;
  EXPECT_EQ(std::ranges::count(text, '\x1b'), 4);
}

TEST(RenderTerminal, ARunThatEndedEarlySaysWhatIsMissing) {
  auto run = run_of({passing("A"), passing("B"), passing("C")}, Verdict::error);
  run.completed = false;
  for (const auto i : {1U, 2U}) {
    run.scenarios[i].verdict = Verdict::error;
    run.scenarios[i].run_to_its_end = false;
  }
  const auto text = render(run, {.width = 120, .color = false});
  EXPECT_TRUE(text.ends_with(" B, C\n")) << text;
  expect_wording("with names", end_of(text));
  run.scenarios.resize(1);
  expect_wording("without names", end_of(render(run, {})));
}

TEST(RenderTerminal, APassSaysWhatItWouldHaveSeen) {
  auto run = run_of({passing("A"), passing("B"), passing("C")}, Verdict::pass);
  run.scenarios[0].smallest_leak_seen_bytes_per_iteration = 0.048;
  run.scenarios[1].smallest_leak_seen_bytes_per_iteration = 2;
  const auto text = render(run, {});
  expect_message(end_of(text), {"2 B"});
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
  const auto text = render(run_of({noisy, flat, accepted, over}, Verdict::over_threshold), {.width = 120});
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  for (const auto* rate : {" ~0 B ", " 0 B ", " 24 B ", " 0.244 B "}) {
    std::getline(lines, line);
    EXPECT_THAT(line, HasSubstr(rate));
  }
}

TEST(RenderTerminal, WhatWasNotKeptAndNotCheckedIsSaid) {
  auto run = run_of({passing("A"), passing("B"), passing("C")}, Verdict::pass);
  run.scenarios[1].checkpoints_dropped = 44;
  run.scenarios[2].checkpoints_dropped = 1;
  run.tables_checked = false;
  const auto text = render(run, {});
  expect_message(end_of(text), {"\nB: 44 ", "\nC: 1 "});
}

TEST(RenderTerminal, NothingRunIsSaid) { expect_wording("", render(RunVerdict{}, {})); }

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
