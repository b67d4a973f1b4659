// The run record: what was planned, what became of each process, what was measured. Written while a run goes on and
// read by everything after it. Plain values; a field without a value was not measured, which is never the same as
// zero.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "record/attribution.hpp"

namespace soak::record {

/// Raised with every change that an older reader would misread; docs/run-record.md has the format.
inline constexpr int schema_version = 1;

enum class CheckpointKind { baseline, interval, labelled, final };

/// One reading of the measured process. Bytes; counts; `iteration` is the number of iterations done.
struct Checkpoint {
  CheckpointKind kind = CheckpointKind::interval;
  std::string label;  ///< Of labelled checkpoints; for people, any UTF-8.
  std::int64_t iteration = 0;
  double elapsed_seconds = 0;  ///< Since the baseline, time spent measuring left out.
  double cpu_percent = 0;      ///< Since the checkpoint before; of one processor.

  std::optional<std::int64_t> rss_bytes, vms_bytes, peak_rss_bytes, pss_bytes, uss_bytes;
  std::optional<std::int64_t> heap_bytes, heap_blocks, heap_peak_bytes, allocations, frees;
  std::optional<std::int64_t> open_files, open_regular_files, open_sockets, open_pipes, open_others;
  std::optional<std::int64_t> threads, joinable_threads, children, zombies;
};

enum class Ending {
  planned,      ///< Not started.
  running,      ///< Started; a record that still says so belongs to a run that was killed.
  finished,     ///< Exited by itself and left its results.
  failed,       ///< Exited by itself, but not with a result: see message.
  crashed,      ///< Ended by a signal: see signal.
  timed_out,    ///< Ended by the runner after the scenario's timeout.
  interrupted,  ///< Ended by the runner because its user asked.
};

/// A process of a program's tree at the last sample.
struct ProcessFigures {
  std::string name;  ///< As the kernel has it (comm).
  std::int64_t pid = 0, rss_bytes = 0, threads = 0, open_files = 0;

  bool operator==(const ProcessFigures&) const = default;
};

/// One child process, which ran one scenario once.
struct Repetition {
  Ending ending = Ending::planned;
  std::optional<int> exit_status, signal;
  std::string message;  ///< One sentence for people about any ending but `finished`; empty otherwise.
  double wall_seconds = 0;
  std::string log;          ///< What the child printed, relative to the record's folder.
  std::string output_tail;  ///< The last lines of it.

  std::optional<std::int64_t> iterations;   ///< Done, as the child reported.
  std::optional<double> iteration_time_ns;  ///< Wall time of an iteration, measuring left out.
  std::optional<double> iteration_cpu_time_ns;
  /// How often other programs took the processor from the main thread between the first checkpoint and the last.
  std::optional<std::int64_t> preemptions;
  std::optional<std::int64_t> rss_before_trim_bytes, rss_after_trim_bytes;  ///< Around malloc_trim at the end.
  std::optional<std::int64_t> baseline_rss_before_trim_bytes, baseline_rss_after_trim_bytes;  ///< At the baseline.
  /// Live heap that came before the loop, from the begin of SetUp to the baseline, and after it, from the final
  /// checkpoint to the end of TearDown (negative where TearDown frees). Of scenarios with one thread.
  std::optional<std::int64_t> setup_growth_bytes, teardown_growth_bytes;
  std::optional<std::int64_t> open_files_limit;  ///< RLIMIT_NOFILE: where a leak of descriptors turns flat.
  /// Of a program, as the kernel told when it had exited (ru_maxrss of wait4(2)): the highest resident memory of its
  /// first process, or of the largest that one waited for; never less than what the runner's copy held before exec.
  std::optional<std::int64_t> max_rss_bytes;
  std::string heap_unavailable;            ///< Why heap counters are missing; empty where they are there.
  std::vector<Checkpoint> checkpoints;     ///< In the order taken; baseline first, `final` last if it got that far.
  std::int64_t checkpoints_dropped = 0;    ///< Labelled ones beyond what is kept.
  std::vector<ProcessFigures> processes;   ///< Of a program that was sampled from outside; itself first.
  std::vector<LiveType> types;             ///< Live objects by type, where they were counted.
  std::optional<Attribution> attribution;  ///< Where it ran with call sites on.
};

/// What the checkpoints of a scenario are.
enum class Measured {
  in_loop,    ///< Readings between iterations, baseline before the first.
  at_end,     ///< One process a length: the baseline when main began, the final one when it ended. `iteration` is 0
              ///< and the length. What is fixed is in both, so only lengths can be compared.
  over_time,  ///< Samples while it ran; `iteration` is whole seconds since the baseline.
};

/// The scenario once more, at another length: a leak grows with the iterations, a cache stops.
struct ScaledRun {
  std::int64_t iterations = 0;  ///< A thread, as asked for.
  Repetition repetition;
};

struct Scenario {
  std::string name;            ///< Identity: Google Benchmark's name without run suffixes. See identity.hpp.
  std::string benchmark_name;  ///< The full name.
  std::string binary;          ///< As started.
  std::optional<std::int64_t> planned_iterations;  ///< A thread. Empty where the binary fixes none.
  int threads = 1;
  std::string rerun_command;            ///< Runs exactly this again.
  std::vector<Repetition> repetitions;  ///< At least one.
  std::vector<ScaledRun>
      scaled_runs;  ///< Of suspects, in the order run. Empty: none was needed, or none was asked for.
  std::optional<ScaledRun> explained_run = {};  ///< Once more with call sites on, of what is accused or growing.
  bool is_program = false;                      ///< Started as it is, not asked as a Google Benchmark binary.
  Measured measured = Measured::in_loop;
  std::vector<std::string> notes = {};  ///< What is to be known about the figures: sentences for people.
};

/// What must be alike for two runs to be compared. Keys `[a-z0-9_]`.
using Fingerprint = std::map<std::string, std::string>;

struct Run {
  std::string id;          ///< The folder's name: <UTC time>-<commit>.
  std::string uid;         ///< Unlike that of any other run, on whatever machine. Empty in records without one.
  std::string started_at;  ///< ISO 8601, UTC.
  std::string commit;      ///< Empty outside a git repository.
  bool dirty = false;      ///< Uncommitted changes were there.
  bool completed =
      false;  ///< Everything planned was tried; false in a record of a run that was killed or interrupted.
  bool interrupted = false;
  int jobs = 1;  ///< Scenarios that ran at a time: beyond one, times are those of neighbours on one machine.
  Fingerprint fingerprint;
  std::vector<std::string> known_scenarios;  ///< All that the binaries have, filtered out ones too. Empty: unknown.
  std::vector<Scenario> scenarios;           ///< All that were planned, in order.
};

}  // namespace soak::record
