// The environment of a measured process.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace soak::process {

/// This process's environment without what would change the measurement behind our back: `BENCHMARK_*`, each of which
/// Google Benchmark reads as a flag; `SOAK_*`, which is the runner's to set; `DEBUGINFOD_URLS`, which makes symbol
/// look-ups go to the network. `additions` come last and win. Each entry is `NAME=value`, sorted by name.
[[nodiscard]] std::vector<std::string> child_environment(const std::map<std::string, std::string>& additions);
/// The same from a given environment, for tests.
[[nodiscard]] std::vector<std::string> child_environment(const std::vector<std::string>& inherited,
                                                         const std::map<std::string, std::string>& additions);

}  // namespace soak::process
