// The verdict of a run, on stdout and beside its record; soak check, which judges a record again; soak suggest.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/run_result.hpp"
#include "config/config.hpp"

namespace soak::app {

enum class Print { table, json };

/// Prints the verdict and keeps verdict.json in the result's folder, if it has one. `named` is the record as people
/// would type it. Returns the exit status, which is not 0 if the verdict could not be printed or kept.
[[nodiscard]] int print_verdict(const RunResult& result, const std::filesystem::path& named,
                                const config::Config& config, Print print);

/// A record on disk with what a killed runner left of the scenario it was running. Throws what record::load_run
/// throws.
[[nodiscard]] record::Run load_record(const std::filesystem::path& path);

/// verdict.json and reports belong to a record's folder; a lone benchmark.json has none.
[[nodiscard]] std::filesystem::path folder_of_record(const std::filesystem::path& path);

struct CheckOptions {
  std::filesystem::path run;
  std::string config_file;
  bool json = false;
};

/// Judges a record again, without running anything. Returns the exit status.
[[nodiscard]] int check(const CheckOptions& options);

struct SuggestOptions {
  std::vector<std::filesystem::path> runs;  ///< Empty: results/latest.
  std::string config_file;
  bool looser = false;
};

/// Prints tighter thresholds, from what was measured. Returns the exit status.
[[nodiscard]] int suggest(const SuggestOptions& options);

}  // namespace soak::app
