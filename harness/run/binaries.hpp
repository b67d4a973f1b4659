// The scenario binaries and what they have.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace soak::run {

struct BinaryScenarios {
  std::filesystem::path binary;
  std::vector<std::string> benchmark_names;  ///< In the binary's order.
  bool is_foreign = false;                   ///< It has never heard of soak; see foreign/foreign_benchmark.hpp.
};

/// Where a binary is: as named, or beside the running program where the name is bare. Throws UserError where there is
/// none, or where it may not be executed.
[[nodiscard]] std::filesystem::path find_binary(const std::filesystem::path& named);

/// Asks the binary with --benchmark_list_tests. Throws UserError where it cannot be run, fails, or lists nothing.
[[nodiscard]] BinaryScenarios list_scenarios(const std::filesystem::path& binary);

/// The folder of the running program.
[[nodiscard]] std::filesystem::path program_folder();

}  // namespace soak::run
