// How far the run is, for the person who watches: which scenario runs, what its process holds, how long all takes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "record/record.hpp"

namespace soak::run {

/// Empty: not known, or not yet.
struct LiveFigures {
  std::optional<std::int64_t> iterations;          ///< Done at its last checkpoint.
  std::optional<std::int64_t> planned_iterations;  ///< A thread.
  std::optional<std::int64_t> heap_bytes;          ///< Live, within 32 KiB a thread.
  std::optional<std::int64_t> rss_bytes;           ///< Resident, the probe's own pages among them.
};

/// Of the process that writes to this region. Nothing where there is none, or none of this version.
[[nodiscard]] LiveFigures live_figures(const std::filesystem::path& region);

/// On a terminal one line that changes, with the time still to go; elsewhere one line a scenario. Writes to stderr:
/// results alone go to stdout.
class Progress {
 public:
  /// `expected_seconds` by scenario name: how long each took last time, where that is known.
  Progress(std::FILE* out, bool is_terminal, std::map<std::string, double> expected_seconds);

  void begin_run(const record::Run& run);
  void begin_scenario(const record::Scenario& scenario, std::size_t index);
  /// The current scenario runs again, to confirm what its first run showed.
  void begin_scaled_run(std::int64_t iterations);
  /// And again, with call sites on, to explain it.
  void begin_explained_run(std::int64_t iterations);
  /// The scenario that the next calls are about, where several run at a time.
  void turn_to(const record::Scenario& scenario);
  void tick(double elapsed_seconds, const LiveFigures& figures = {});
  void end_repetition(const record::Scenario& scenario, const record::Repetition& repetition);
  void note(const std::string& text);

 private:
  [[nodiscard]] double seconds_left(double elapsed_in_repetition) const;
  [[nodiscard]] double expected(const record::Scenario& scenario) const;
  void begin_activity(std::string activity);
  void clear_line();
  /// One line of the terminal, cut at its width: a line that wraps could not be cleared.
  void show(const std::string& line);

  std::FILE* out_;
  bool is_terminal_;
  std::map<std::string, double> expected_seconds_;
  const record::Run* run_ = nullptr;
  std::size_t index_ = 0;
  std::string activity_;  ///< Behind the scenario's name, while it is run again.
  double seconds_done_ = 0;
  double seconds_in_scenario_ = 0;  ///< Of the current scenario's repetitions that have ended.
  std::size_t scenarios_done_ = 0;
};

/// "640 of 1000, heap 1.2 MiB, RSS 9.4 MiB": as far as it is known.
[[nodiscard]] std::string format_figures(const LiveFigures& figures);

/// "45 s", "12 min", "3 h 10 min".
[[nodiscard]] std::string format_rough_time(double seconds);

}  // namespace soak::run
