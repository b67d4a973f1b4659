// The judgement of a run: a pure function of its record and of benchmarks.toml.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "record/record.hpp"
#include "verdict/growth.hpp"

namespace soak::verdict {

inline constexpr int schema_version = 1;

enum class Verdict {
  pass,
  leak,            ///< Exact counters grow beyond the limit, iteration by iteration.
  over_threshold,  ///< A limit is exceeded, without proof of steady growth.
  growing,         ///< Not settled, not proven.
  inconclusive,    ///< Noise hides it.
  error,           ///< Not run, died, or data is missing.
};

/// A call site whose share of what is alive grows, or grew and stopped.
struct SiteGrowth {
  record::CallSite site;           ///< As measured; of several stacks that end in this line, the one that grows most.
  std::int64_t stack_count = 1;    ///< So many stacks end in this line with this type. The figures are their sums.
  double share = 0;                ///< Of the finding's growth, 0 to 1.
  double bytes_per_iteration = 0;  ///< 0 where only things are counted.
  double blocks_per_iteration = 0;  ///< Or descriptors, threads, mappings.
  Shape shape = Shape::unknown;     ///< Of this site's own history.
};

/// That a finding is known and accepted, as a [[waiver]] of benchmarks.toml says.
struct Waived {
  std::string reason;
  std::string until;  ///< YYYY-MM-DD, the last day it holds.
};

/// One reason why a scenario did not pass, or would not have passed without a waiver.
struct Finding {
  std::string kind;  ///< final_growth, peak_growth, peak_rss, heap_growth, open_files, threads, children, mappings,
                     ///< objects, crash, timeout, missing.
  std::optional<double> value, limit;  ///< In the unit of the kind: bytes, bytes an iteration, or a count.
  std::string message;                 ///< One sentence for people with value and limit.
  Verdict verdict = Verdict::error;    ///< What this finding alone amounts to.
  Shape shape = Shape::unknown;        ///< Of the growth over several lengths; unknown where it ran at one only.
  std::optional<double> per_iteration = {};  ///< Between the two longest runs.
  std::vector<RunEnd> confirmed = {};   ///< What it had grown by at each length, ascending. Empty: not run again.
  std::vector<SiteGrowth> sites = {};   ///< Those that grow, largest share first. Empty: not explained.
  std::vector<SiteGrowth> caches = {};  ///< Those that filled and stopped: no suspects.
  std::string sites_note = {};          ///< What they do not tell, and why; empty where they tell all.
  std::string likely_cause = {};        ///< cycle, global collection, unclosed resource, log accumulation, thread not
                                        ///< joined, thread-local; empty where the evidence names none.
  std::optional<Waived> waived = {};    ///< It counts for nothing then.
};

/// How one figure grew over the run of planned length.
struct MetricShape {
  std::string metric;  ///< As in the checkpoints of the record: heap_bytes, rss_bytes, open_files, ...
  Growth growth;
  std::optional<double> smallest_leak_seen_per_iteration = {};  ///< Growth that would have been a finding; on a pass.
};

struct ScenarioVerdict {
  std::string name;
  Verdict verdict = Verdict::error;
  config::Severity severity = config::Severity::none;
  std::optional<std::int64_t> iterations;
  bool is_over_time = false;  ///< It was sampled over time: what stands as an iteration is a second.
  bool is_fixed = false;      ///< It cannot be scaled, so that no growth of it is proven a leak.
  std::optional<std::int64_t> warm_up_iterations;         ///< Not judged, at the begin of the run.
  std::optional<double> heap_growth_bytes_per_iteration;  ///< After warm-up.
  bool heap_growth_is_noise = false;  ///< That figure does not tell growth: noise, or the allocator's rounding.
  std::optional<double> smallest_leak_seen_bytes_per_iteration;  ///< Of a leak that adds blocks, what this run would
                                                                 ///< have seen at least; on a pass.
  std::optional<std::int64_t> rss_growth_bytes, rss_peak_growth_bytes;
  std::optional<std::int64_t> heap_peak_growth_bytes;  ///< Live heap at its highest, above the baseline.
  std::optional<std::int64_t> setup_growth_bytes, teardown_growth_bytes;  ///< Live heap outside the loop.
  std::optional<double> iteration_time_ns;
  /// From the end of the run on, at its slope and speed, until resident memory peaks at its limit, or reaches the
  /// memory limit. 0: it has. Empty where nothing grows, or there is no such limit.
  std::optional<double> seconds_to_peak_limit, seconds_to_memory_limit;
  std::optional<double> heap_growth_limit_bytes_per_iteration;
  std::optional<std::int64_t> final_growth_limit_bytes, peak_growth_limit_bytes;
  bool run_to_its_end = true;            ///< False: not started, or cut off, when the run ended.
  std::int64_t checkpoints_dropped = 0;  ///< Labelled ones beyond those kept; of the repetition that dropped most.
  std::string rerun_command;
  std::vector<MetricShape> shapes;  ///< Of what was measured, in the order of the record's checkpoints.
  std::string not_explained = {};   ///< Why a run that was to explain the findings could not; empty where it could.
  std::vector<std::string> notes = {};  ///< What is to be known about the figures: sentences for people.
  std::vector<Finding> findings;
};

struct RunVerdict {
  std::string run_id;
  Verdict verdict =
      Verdict::error;          ///< The one that decides the exit status: leak first, then over_threshold, error, ...
  bool completed = true;       ///< False: the run was killed or interrupted; it never passes.
  bool tables_checked = true;  ///< False: the record does not say which scenarios exist, as Google Benchmark's JSON
                               ///< does not, so a table for a misspelt scenario could not be told.
  int jobs = 1;                ///< Scenarios that ran at a time; beyond one, times were taken beside others.
  std::vector<std::string> wrong_requests;  ///< What is wrong with benchmarks.toml in the light of this run, each
                                            ///< with its place: waivers that expired, or that matched nothing.
  std::vector<ScenarioVerdict> scenarios;
};

/// Throws UserError where a scenario table of the config names no scenario that the record knows. A run that did not
/// complete is an error at least.
[[nodiscard]] RunVerdict judge(const record::Run& run, const config::Config& config);

/// 0 passed, 1 a leak or a limit exceeded, 2 a wrong request, 3 could not be measured or decided. A wrong request
/// outranks a leak, and that what could not be measured.
[[nodiscard]] int exit_status(const RunVerdict& verdict);

[[nodiscard]] std::string to_string(Verdict verdict);
[[nodiscard]] std::string to_string(config::Severity severity);
/// The contract of `--json` and of verdict.json; docs/verdict.md has it. Ends with a newline.
[[nodiscard]] std::string to_json(const RunVerdict& verdict);

}  // namespace soak::verdict
