// Judging a run and saying so: what `run` and `check` have in common.
#pragma once

#include <filesystem>
#include <string>

#include "config/config.hpp"
#include "record/record.hpp"

namespace soak::app {

/// On stdout. False, and said on stderr, where the result was lost. A reader that went away has seen what it wanted
/// to see.
[[nodiscard]] bool print_result(const std::string& text);

/// The status of a result that could not be printed or kept whole: a leak is a leak all the same.
[[nodiscard]] int at_least_not_measured(int status);

/// A record on disk.
struct RecordPlace {
  std::filesystem::path folder;  ///< verdict.json goes there; empty: it is not kept.
  std::filesystem::path named;   ///< As people would type it.
};

enum class Print { table, json };

/// Judges, keeps verdict.json, prints. Returns the exit status, which is not 0 where the verdict could not be printed
/// or kept.
[[nodiscard]] int judge_and_print(const record::Run& run, const config::Config& config, const RecordPlace& place,
                                  Print print);

/// verdict.json and reports belong to a record's folder; a lone benchmark.json has none.
[[nodiscard]] std::filesystem::path folder_of_record(const std::filesystem::path& path);

}  // namespace soak::app
