// A Google Benchmark binary that has never heard of soak: how many iterations it runs is asked of it by its own
// flags.
//
// From Google Benchmark 1.8.0 on --benchmark_min_time=Nx runs exactly N. 1.7.1 knows times only, but runs each
// repetition after the first with the iterations that the first one found; so there the number of repetitions is what
// is scaled, and the rows say how many iterations that came to. The same holds where the code fixes its iterations or
// its time.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "process/child_process.hpp"
#include "record/record.hpp"
#include "run/collect.hpp"

namespace soak::run {

/// An executable of this machine that is linked dynamically and not with the probe. Scripts are taken for wrappers of
/// binaries that are.
[[nodiscard]] bool is_foreign(const std::filesystem::path& binary);
/// Its --help offers --benchmark_min_time=<integer>x.
[[nodiscard]] bool takes_iterations(const std::filesystem::path& binary);

struct ForeignRun {
  bool by_iterations = false;          ///< Else by repetitions.
  std::int64_t iterations = 0;         ///< Wanted; 0: a first look, to learn how many fit into a short time.
  std::int64_t iterations_a_pass = 1;  ///< What that look found.
  double pass_seconds = 0.02;  ///< How long a pass is to take at least: all work, and short enough to be repeated.
};

/// The run of a first length, given what the first look found: short enough that two longer ones stay below a million
/// iterations.
[[nodiscard]] ForeignRun after_first_look(ForeignRun run, std::int64_t iterations_found);

/// Beside --benchmark_filter and --benchmark_out.
[[nodiscard]] std::vector<std::string> length_flags(const ForeignRun& run);

/// The outcome of the process, its rows and the ends that the probe saw. An error row, or no row at all, is a
/// failure.
[[nodiscard]] record::Repetition collect_foreign(const ForeignRun& run, const process::ChildOutcome& outcome,
                                                 const ChildFiles& files);

}  // namespace soak::run
