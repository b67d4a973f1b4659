// What a child leaves in the record's work folder, read once and then removed.
#pragma once

#include <filesystem>

#include "record/record.hpp"
#include "run/collect.hpp"

namespace soak::run {

/// Where the run of this number leaves its files; repetitions come first, scaled runs behind them, from 0 on.
[[nodiscard]] ChildFiles child_files(const std::filesystem::path& work_folder, const record::Scenario& scenario,
                                     std::size_t number);

/// Frees the disk. Throws nothing.
void remove_child_files(const ChildFiles& files) noexcept;

/// A runner that was killed left the region of the scenario it was running: what that had measured goes into the
/// record.
void take_unfinished_readings(record::Run& run, const std::filesystem::path& record_folder);

}  // namespace soak::run
