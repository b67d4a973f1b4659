#include "run/progress.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "golden.hpp"

namespace soak::run {
namespace {

/// What a progress prints into a stream made of memory.
class Printed {
 public:
  Printed() : stream_(open_memstream(&text_, &size_)) {}
  ~Printed() {
    std::fclose(stream_);
    std::free(text_);
  }
  Printed(const Printed&) = delete;
  Printed& operator=(const Printed&) = delete;
  std::FILE* stream() { return stream_; }
  std::string text() {
    std::fflush(stream_);
    return {text_, size_};
  }

 private:
  char* text_ = nullptr;
  std::size_t size_ = 0;
  std::FILE* stream_;
};

record::Run run_of_two() {
  record::Run run;
  run.scenarios.resize(2);
  run.scenarios[0].name = "Short";
  run.scenarios[1].name = "Long";
  for (auto& scenario : run.scenarios) scenario.repetitions.resize(1);
  return run;
}

record::Repetition ended(record::Ending ending, double seconds, const std::string& message = {}) {
  record::Repetition repetition;
  repetition.ending = ending;
  repetition.wall_seconds = seconds;
  repetition.message = message;
  return repetition;
}

TEST(Progress, PrintsOneLineAScenarioWhereNoTerminalIs) {
  Printed printed;
  const auto run = run_of_two();
  Progress progress(printed.stream(), false, {});
  progress.begin_run(run);
  progress.begin_scenario(run.scenarios[0], 0);
  progress.tick(1);
  progress.end_repetition(run.scenarios[0], ended(record::Ending::finished, 1.25));
  progress.begin_scenario(run.scenarios[1], 1);
  progress.end_repetition(run.scenarios[1], ended(record::Ending::crashed, 0.5, "died of signal 11"));
  expect_message(printed.text(), {"[1/2] Short", "1.2 s", "[2/2] Long", "11"});
}

TEST(Progress, SaysWhyAScenarioRunsAgain) {
  Printed printed;
  const auto run = run_of_two();
  Progress progress(printed.stream(), false, {});
  progress.begin_run(run);
  progress.begin_scenario(run.scenarios[1], 1);
  progress.begin_scaled_run(4000);
  progress.begin_explained_run(16'000);
  expect_message(printed.text(), {"[2/2] Long", "4000", "16000"});
}

TEST(Progress, OnATerminalRewritesItsLineWithTheTimeLeftByTheLastRun) {
  Printed printed;
  const auto run = run_of_two();
  Progress progress(printed.stream(), true, {{"Short", 10}, {"Long", 3600}});
  progress.begin_run(run);
  progress.begin_scenario(run.scenarios[0], 0);
  progress.tick(4);
  EXPECT_EQ(printed.text(),
            "\r\033[K[1/2] Short  0 s, about 1 h 1 min left\r\033[K[1/2] Short  4 s, about 1 h 1 min left");
}

TEST(Progress, OnATerminalShowsWhatTheScenarioHoldsNow) {
  Printed printed;
  const auto run = run_of_two();
  Progress progress(printed.stream(), true, {{"Short", 10}, {"Long", 50}});
  progress.begin_run(run);
  progress.begin_scenario(run.scenarios[0], 0);
  progress.tick(4, {.iterations = 640, .planned_iterations = 1000, .heap_bytes = 1 << 20, .rss_bytes = 9 << 20});
  EXPECT_TRUE(
      printed.text().ends_with("\r\033[K[1/2] Short  640 of 1000, heap 1.0 MiB, RSS 9.0 MiB  4 s, about 56 s left"))
      << printed.text();
}

TEST(Progress, ANameIsNotObeyedByTheTerminal) {
  Printed printed;
  auto run = run_of_two();
  run.scenarios[0].name = "\x1b[2J";
  Progress progress(printed.stream(), true, {});
  progress.begin_run(run);
  progress.begin_scenario(run.scenarios[0], 0);
  EXPECT_EQ(printed.text().find("\x1b[2J"), std::string::npos);
}

TEST(FormatFigures, SaysWhatIsKnown) {
  EXPECT_EQ(format_figures({}), "");
  EXPECT_EQ(format_figures({.iterations = 5, .planned_iterations = {}, .heap_bytes = {}, .rss_bytes = {}}), "5 done");
  EXPECT_EQ(format_figures({.iterations = {}, .planned_iterations = 9, .heap_bytes = 512, .rss_bytes = {}}),
            "heap 512 B");
}

struct TimeCase {
  double seconds;
  const char* text;
};
TEST(FormatRoughTime, RoundsUp) {
  for (const auto& [seconds, text] :
       {TimeCase{-1, "0 s"}, {0.2, "1 s"}, {59, "59 s"}, {61, "2 min"}, {3600, "1 h 0 min"}})
    EXPECT_EQ(format_rough_time(seconds), text) << seconds;
}

}  // namespace
}  // namespace soak::run
