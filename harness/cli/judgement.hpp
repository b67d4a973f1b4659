// Judging a run and saying so: what `run` and `check` have in common.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "record/record.hpp"

namespace soak::cli {

/// The status of a result that could not be printed or kept whole: a leak is a leak all the same.
[[nodiscard]] int at_least_not_measured(int status);

/// What is left beside a record.
struct Outputs {
  std::filesystem::path folder = {};         ///< Of the record; empty: nothing is written.
  std::filesystem::path record_path = {};    ///< As people would type it.
  std::vector<std::string> report_formats = {}; ///< Written into the folder.
  bool is_run = false;                       ///< Of a run, not of a judgement made again: the CI service is told.
  bool json = false;                         ///< Print the verdict for machines instead of the table.
};

/// Judges, writes verdict.json and reports into the folder, prints the table or the verdict for machines, tells the CI
/// service. Returns the exit status, which is not 0 where something could not be printed or kept.
[[nodiscard]] int judge_and_print(const record::Run& run, const config::Config& config, const Outputs& outputs);

/// verdict.json and reports belong to a record's folder; a lone benchmark.json has none.
[[nodiscard]] std::filesystem::path folder_of_record(const std::filesystem::path& path);

/// False where the result was lost, with a message. A reader that went away has seen what it wanted to see.
[[nodiscard]] bool print_result(const std::string& text);

}  // namespace soak::cli
