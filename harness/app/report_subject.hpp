// What a report is made of, put together from what the command knows.
#pragma once

#include <filesystem>

#include "config/config.hpp"
#include "record/record.hpp"
#include "report/subject.hpp"
#include "verdict/verdict.hpp"

namespace soak::app {

/// The checkout of the CI service, or the git repository that the current folder is in, or that folder; empty where
/// it is gone.
[[nodiscard]] std::filesystem::path source_folder();

/// `record_path` names the record as people would type it. Source files are named relative to the source folder.
[[nodiscard]] report::Subject subject_of(const record::Run& run, const verdict::RunVerdict& verdict,
                                         const config::Config& config, const std::filesystem::path& record_path);

}  // namespace soak::app
