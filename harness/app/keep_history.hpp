// The history that runs are added to: a run that has just ended, records read in, runs listed and removed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "app/run_result.hpp"
#include "config/config.hpp"
#include "history/find_run.hpp"

namespace soak::app {

/// Where a subcommand looks for history: what stands on its command line, each empty if it does not.
struct HistoryPlace {
  std::string config_file, store;
  std::filesystem::path results;

  [[nodiscard]] std::filesystem::path results_folder(const config::Config& config) const;
  [[nodiscard]] std::string store_address(const config::Config& config) const;
  /// The repository is the one around the current folder. The config must outlive the result.
  [[nodiscard]] history::Places places(const config::Config& config) const;
};

/// Adds a run to the history. What goes wrong is reported on stderr and changes nothing else: the record is what
/// counts, and can be read in later. `store` is the command line's, or empty.
void store_run(const RunResult& result, const config::Config& config, const std::string& store) noexcept;

struct HistoryOptions {
  HistoryPlace place;
  std::vector<std::filesystem::path> records;  ///< Records' folders, or folders of them; empty: the results.
  std::size_t keep = 0;                        ///< So many of the newest stay; 0: no such limit.
  std::string older_than;                      ///< YYYY-MM-DD; what started before it goes. Empty: no such limit.
  bool dry_run = false;
};

/// These print what they did and return the exit status. Throw UserError, history::StoreError.
[[nodiscard]] int import_records(const HistoryOptions& options);
[[nodiscard]] int list_history(const HistoryOptions& options);
[[nodiscard]] int prune_history(const HistoryOptions& options);

}  // namespace soak::app
