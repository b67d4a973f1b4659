// The run that a name on the command line means: a record, a commit, a branch, a tag, `latest`, or a file.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "config/config.hpp"
#include "history/measurement.hpp"

namespace soak::history {

/// Where to look. Only names of commits need a repository; whatever is not a path needs a store.
struct Places {
  std::filesystem::path repository_folder;  ///< Any folder in the repository.
  std::string store;                        ///< Its address.
  std::filesystem::path results;            ///< The folder of records.
  const config::Config& config;
};

/// Tries, in this order: a record's folder or a file; `latest`; the name of a run in the store; a revision of git. Of
/// the runs of a commit those without uncommitted changes come first, then those that completed, then the newest.
/// Throws UserError if there is none, which names the nearest commit that has one; StoreError; what record::load_run
/// throws.
[[nodiscard]] MeasuredRun find_run(const std::string& asked, const Places& places);

}  // namespace soak::history
