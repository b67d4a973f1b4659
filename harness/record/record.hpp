// The run record: what was planned, how each process ended, what was measured, and where what is alive came from. It
// is written while a run goes on and read by everything after it. Plain values; a field without a value was not
// measured, which is never the same as zero.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace soak::record {

/// Raised with every change that an older reader would misread; docs/run-record.md has the format.
inline constexpr int schema_version = 1;

enum class CheckpointKind { baseline, interval, labelled, final };

/// One reading of the measured process. Bytes; counts; `iteration` is the number of iterations done.
struct Checkpoint {
  CheckpointKind kind = CheckpointKind::interval;
  std::string label;  ///< Only for labelled checkpoints; for people, any UTF-8.
  std::int64_t iteration = 0;
  double elapsed_seconds = 0;  ///< Since the baseline, time spent measuring left out.
  double cpu_percent = 0;      ///< Since the checkpoint before; of one processor.

  std::optional<std::int64_t> rss_bytes, vms_bytes, peak_rss_bytes, pss_bytes, uss_bytes;
  std::optional<std::int64_t> heap_bytes, heap_blocks, heap_peak_bytes, allocations, frees;
  std::optional<std::int64_t> open_files, open_regular_files, open_sockets, open_pipes, open_others;
  std::optional<std::int64_t> threads, joinable_threads, children, zombies;
};

/// One function on a stack. Inlined functions have frames of their own.
struct Frame {
  std::string function;  ///< Short, for people; `module+0xoffset` where there is no name.
  std::string file;      ///< Empty without debug info.
  int line = 0;          ///< 0: not known.
  std::string module;    ///< Path; empty if the address lay in none.
  bool is_inlined = false;

  bool operator==(const Frame&) const = default;
};

/// What a call site makes: memory from malloc and its family, open descriptors, threads that run or were not joined,
/// mapped memory, child processes that run or were not waited for.
enum class SiteKind { heap, descriptor, thread, mapping, child };

/// How much of a site, or of a type, was alive at one checkpoint. Bytes are 0 if only things are counted.
struct LivePoint {
  std::int64_t iteration = 0;
  std::int64_t bytes = 0, count = 0;
  std::optional<std::int64_t> requested_bytes = {};  ///< Without the allocator's rounding; only for heap sites.

  bool operator==(const LivePoint&) const = default;
};

/// One stack that made something. The line is that of the innermost frame in code that the reader can change.
struct CallSite {
  SiteKind kind = SiteKind::heap;
  std::string function, file;
  int line = 0;
  std::string type;          ///< The type that was allocated; empty if no frame shows it.
  std::vector<Frame> stack;  ///< Innermost first.
  bool is_stack_complete = false;
  std::int64_t total_bytes = 0, total_count = 0;  ///< Ever made.
  std::vector<LivePoint> history;                 ///< Baseline first, ascending in iterations, final last.
};

/// How the type of objects was identified.
enum class TypeSource {
  vtable,   ///< The first word of a live block points to the type's vtable.
  frames,   ///< The allocator's or constructor's frame on the stack names it.
  counted,  ///< soak::Counted<T>: exact.
};

struct LiveType {
  std::string name;
  TypeSource source = TypeSource::frames;
  std::vector<LivePoint> history;  ///< At least baseline and final.
};

/// Everything that was measured with call sites on. Sites that are left out of `sites` for their number are summed
/// up.
struct Attribution {
  std::string unavailable;  ///< Why there is no attribution; empty if there is one.
  std::vector<CallSite> sites;
  std::int64_t omitted_sites = 0, omitted_live_bytes = 0, omitted_live_blocks = 0;
  std::int64_t unattributed_live_bytes = 0, unattributed_live_blocks = 0;  ///< Older than the probe, or overflowed.
  std::int64_t overflowed_allocations = 0;     ///< Attributed to no site for want of room.
  std::optional<double> typed_blocks_percent;  ///< Of the blocks alive at the end.
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
  std::optional<double> iteration_time_ns;  ///< Wall time per iteration, measuring left out.
  std::optional<double> iteration_cpu_time_ns;
  /// How often other programs took the processor from the main thread between the first checkpoint and the last.
  std::optional<std::int64_t> preemptions;
  std::optional<std::int64_t> rss_before_trim_bytes, rss_after_trim_bytes;  ///< Around malloc_trim at the end.
  std::optional<std::int64_t> baseline_rss_before_trim_bytes, baseline_rss_after_trim_bytes;  ///< At the baseline.
  /// Growth of the live heap before the loop, from the start of SetUp to the baseline, and after it, from the final
  /// checkpoint to the end of TearDown (negative if TearDown frees). Only for scenarios with one thread.
  std::optional<std::int64_t> setup_growth_bytes, teardown_growth_bytes;
  std::optional<std::int64_t> open_files_limit;  ///< RLIMIT_NOFILE, at which a leak of descriptors turns flat.
  /// Only for programs, as the kernel reported at their exit (ru_maxrss of wait4(2)): the highest resident memory of
  /// the first process, or of the largest that one waited for; never less than what the runner's copy held before
  /// exec.
  std::optional<std::int64_t> max_rss_bytes;
  std::string heap_unavailable;            ///< Why heap counters are missing; empty if they are not.
  std::vector<Checkpoint> checkpoints;     ///< In the order taken; baseline first, `final` last if it got that far.
  std::int64_t checkpoints_dropped = 0;    ///< Labelled ones beyond what is kept.
  std::vector<ProcessFigures> processes;   ///< Only for programs sampled from outside; the program itself first.
  std::vector<LiveType> types;             ///< Live objects by type, if they were counted.
  std::optional<Attribution> attribution;  ///< If it ran with call sites on.
};

/// How the checkpoints of a scenario were taken.
enum class Measured {
  in_loop,  ///< Readings between iterations, baseline before the first.
  at_end,   ///< One process per length: the baseline when main started, the final one when it ended. `iteration` is 0
            ///< and the length. What is fixed is in both, so only lengths can be compared.
  over_time,  ///< Samples while it ran; `iteration` is whole seconds since the baseline.
};

/// The scenario once more, at another length: a leak grows with the iterations, a cache stops.
struct ScaledRun {
  std::int64_t iterations = 0;  ///< Per thread, as asked for.
  Repetition repetition;
};

struct Scenario {
  std::string name;            ///< Identity: Google Benchmark's name without run suffixes. See identity.hpp.
  std::string benchmark_name;  ///< The full name.
  std::string binary;          ///< As started.
  std::optional<std::int64_t> planned_iterations;  ///< Per thread. Empty if the binary fixes none.
  int threads = 1;
  std::string rerun_command;            ///< Runs exactly this again.
  std::vector<Repetition> repetitions;  ///< At least one.
  std::vector<ScaledRun>
      scaled_runs;  ///< Only for suspects, in the order run. Empty: none was needed, or none was asked for.
  std::optional<ScaledRun> explained_run = {};  ///< Once more with call sites on, if it is accused or growing.
  bool is_fixed = false;                        ///< It cannot be scaled: it runs at its planned length only.
  bool is_program = false;                      ///< Started as it is, not asked as a Google Benchmark binary.
  Measured measured = Measured::in_loop;
  std::vector<std::string> notes = {};  ///< Sentences for people that they need to read the figures.
};

/// Properties that must be equal for two runs to be compared. Keys are `[a-z0-9_]`.
using Fingerprint = std::map<std::string, std::string>;

struct Run {
  std::string id;          ///< The folder's name: <UTC time>-<commit>.
  std::string uid;         ///< Different from that of any other run, on any machine. Empty in records without one.
  std::string started_at;  ///< ISO 8601, UTC.
  std::string commit;      ///< Empty outside a git repository.
  bool dirty = false;      ///< Uncommitted changes were there.
  bool completed =
      false;  ///< Everything planned was tried; false in a record of a run that was killed or interrupted.
  bool interrupted = false;
  int jobs = 1;  ///< Scenarios that ran at the same time: beyond one they disturb each other's times.
  Fingerprint fingerprint;
  std::vector<std::string> known_scenarios;  ///< All that the binaries have, filtered out ones too. Empty: unknown.
  std::vector<Scenario> scenarios;           ///< All that were planned, in order.
};

}  // namespace soak::record
