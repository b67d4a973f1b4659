#include "run/binaries.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <sstream>

#include "base/user_error.hpp"
#include "process/capture.hpp"
#include "run/foreign/foreign_benchmark.hpp"

namespace soak::run {
namespace fs = std::filesystem;

fs::path program_folder() { return fs::read_symlink("/proc/self/exe").parent_path(); }

fs::path find_binary(const fs::path& named) {
  std::error_code ignored;
  auto found = named;
  if (!named.has_parent_path() && !fs::exists(named, ignored)) found = program_folder() / named;
  if (!fs::exists(found, ignored))
    throw UserError(fmt::format("{}: there is no such binary; build it, or name it with its folder", named.string()));
  if (fs::is_directory(found, ignored))
    throw UserError(fmt::format("{}: is a folder; name a binary built with Google Benchmark", named.string()));
  if (access(found.c_str(), X_OK) != 0)
    throw UserError(fmt::format("{}: may not be executed; try chmod +x", found.string()));
  return fs::absolute(found).lexically_normal();
}

BinaryScenarios list_scenarios(const fs::path& binary) {
  const auto listing = process::capture(binary, {"--benchmark_list_tests=true"});
  if (listing.exit_status != 0) {
    const auto why = listing.error.empty() ? fmt::format("exit status {}", listing.exit_status) : listing.error;
    throw UserError(fmt::format("{}: could not list its scenarios with --benchmark_list_tests ({})\n{}",
                                binary.string(), why, listing.errors));
  }
  BinaryScenarios scenarios{binary, {}, is_foreign(binary)};
  std::istringstream lines(listing.output);
  for (std::string line; std::getline(lines, line);)
    if (!line.empty()) scenarios.benchmark_names.push_back(line);
  if (scenarios.benchmark_names.empty())
    throw UserError(fmt::format("{}: has no scenarios; is it built with Google Benchmark?", binary.string()));
  return scenarios;
}

}  // namespace soak::run
