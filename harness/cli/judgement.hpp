// Judging a run and saying so: what `run` and `check` have in common.
#pragma once

#include <filesystem>

#include "config/config.hpp"
#include "record/record.hpp"

namespace soak::cli {

/// Judges, writes verdict.json into `folder` (skipped where empty), prints the table or, with `json`, the verdict for
/// machines. Returns the exit status.
int judge_and_print(const record::Run& run, const config::Config& config, const std::filesystem::path& folder,
                    bool json);

}  // namespace soak::cli
