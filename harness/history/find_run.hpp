// What a side of a comparison was asked for by: a record, a commit, a branch, a tag, `latest`, or a file.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "config/config.hpp"
#include "history/measurement.hpp"

namespace soak::history {

/// Where to look. A repository is needed for names of commits only, a store for what is no path.
struct Places {
  std::filesystem::path repository_folder;  ///< Lies in the repository.
  std::string store;                        ///< Address.
  std::filesystem::path results;            ///< The folder of records.
  const config::Config& config;
};

/// In this order: a record's folder or a file; `latest`; the name of a run in the store; a revision of git, whose
/// newest run is taken, one without uncommitted changes that completed before others. Throws UserError where there is
/// none, with the nearest commit that has one; StoreError; what record::load_run throws.
[[nodiscard]] MeasuredRun find_run(const std::string& asked, const Places& places);

}  // namespace soak::history
