#include "cli/history_options.hpp"

#include "history/store.hpp"

namespace soak::cli {

void HistoryOptions::add_to(CLI::App& command) {
  command.add_option("-c,--config", config_file, "gates, names, where history is [benchmarks.toml]");
  command.add_option("--store", store, "the history: a file, or postgresql://... [history.db among the results]");
  command.add_option("--results", results, "where run records are [results]");
}

std::string HistoryOptions::store_address(const config::Config& config) const {
  const auto folder = results.empty() ? config.results : results;
  return history::default_store(store.empty() ? config.store : store, folder.string());
}

history::Places HistoryOptions::places(const config::Config& config) const {
  return {.repository_folder = ".",
          .store = store_address(config),
          .results = results.empty() ? config.results : results,
          .config = config};
}

}  // namespace soak::cli
