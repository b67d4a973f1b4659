// The files that a child leaves behind, and what they say as one repetition of the record. They stand in the record's
// work folder, are read once and then removed.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "process/child_process.hpp"
#include "record/record.hpp"

namespace soak::run {

/// Where the child was told to leave its results.
struct ChildFiles {
  std::filesystem::path benchmark_json;
  std::filesystem::path region;
};

struct Collected {
  record::Repetition repetition;
  bool says_fixed = false;  ///< The scenario's code says that it cannot be scaled.
};

/// The outcome of the process, Google Benchmark's row and the probe's region put together. Whatever is missing or
/// does not fit the plan makes an ending other than `finished` and a message that says why; what was measured is kept
/// all the same.
[[nodiscard]] Collected collect_repetition(const record::Scenario& scenario, const process::ChildOutcome& outcome,
                                           const ChildFiles& files);

/// How the process ended, and nothing else yet.
[[nodiscard]] record::Repetition repetition_of(const process::ChildOutcome& outcome);

/// What Google Benchmark wrote; empty where it wrote nothing that could be read.
[[nodiscard]] std::string benchmark_json_of(const ChildFiles& files);

/// Where the run of this number leaves its files; repetitions come first, scaled runs behind them, from 0 on.
[[nodiscard]] ChildFiles child_files(const std::filesystem::path& work_folder, const record::Scenario& scenario,
                                     std::size_t number);

/// Frees the disk. Throws nothing.
void remove_child_files(const ChildFiles& files) noexcept;

/// A runner that was killed left the region of the scenario it was running: what that had measured goes into the
/// record.
void take_unfinished_readings(record::Run& run, const std::filesystem::path& record_folder);

}  // namespace soak::run
