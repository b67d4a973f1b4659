// What a child takes over from this process: its environment, without what would change the measurement, and the
// program that a name means.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
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

/// Finds a program as execvp(3) does: a name with a slash is a path; any other is looked for in the folders of PATH,
/// and an executable file counts. Empty if there is none.
[[nodiscard]] std::optional<std::filesystem::path> find_program(const std::string& name);

}  // namespace soak::process
