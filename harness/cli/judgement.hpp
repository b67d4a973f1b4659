// Judging a run and saying so: what `run` and `check` have in common.
#pragma once

#include <filesystem>
#include <string>

#include "config/config.hpp"
#include "record/record.hpp"

namespace soak::cli {

/// On stdout. False, and said on stderr, where the result was lost. A reader that went away has seen what it wanted
/// to see.
[[nodiscard]] bool print_result(const std::string& text);

/// The status of a result that could not be printed or kept whole: a leak is a leak all the same.
[[nodiscard]] int at_least_not_measured(int status);

/// Judges, writes verdict.json into `folder` (skipped where empty), prints the table or, with `json`, the verdict for
/// machines. Returns the exit status,
/// which is not 0 where the verdict could not be printed or kept.
int judge_and_print(const record::Run& run, const config::Config& config, const std::filesystem::path& folder,
                    bool json);

}  // namespace soak::cli
