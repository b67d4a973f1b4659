// Whether a scenario binary can be measured: its file, and a child process of it.
#include <fmt/format.h>

#include <exception>
#include <string>

#include "base/files.hpp"
#include "doctor/prognosis.hpp"
#include "process/child_process.hpp"
#include "process/environment.hpp"
#include "region/region_reader.hpp"
#include "run/plan.hpp"

namespace soak::doctor {
namespace {

namespace fs = std::filesystem;

/// What the probe leaves of a child that runs no scenario: it comes to life, and its canary with it, as the process
/// is loaded.
std::optional<region::RegionContents> region_of_a_child(const fs::path& binary) {
  const ScratchFolder folder("doctor");
  const auto region = folder.path() / "region";
  const auto outcome =
      process::run_child({.command = {binary,
                                      {"--benchmark_list_tests=true"},
                                      process::child_environment({{"SOAK_REGION", region.string()}})},
                          .log = folder.path() / "log",
                          .timeout = std::chrono::seconds{60}},
                         {});
  return outcome.start_error.empty() ? region::read_region(region) : std::nullopt;
}

Finding check_probe(const std::string& subject, const fs::path& binary,
                    const std::optional<symbols::ElfSummary>& file) {
  const auto region = region_of_a_child(binary);
  if (!region) return without_probe(subject, file);
  if (!region->heap_unavailable.empty()) return without_heap(subject, region->heap_unavailable, file);
  return {Health::good, subject, fmt::format("the probe is active, above {}", region->allocator), {}};
}

Finding check_scenarios(const std::string& subject, const fs::path& binary) {
  const auto count = run::list_scenarios(binary).benchmark_names.size();
  return {Health::good, subject, fmt::format("has {} scenario{}", count, count == 1 ? "" : "s"), {}};
}

Finding check_debug_info(const std::string& subject, const std::optional<symbols::ElfSummary>& file) {
  if (file && file->has_debug_info) return {Health::good, subject, "has debug info, so leaks have lines", {}};
  return {Health::poor, subject, "has no debug info, so leaks have functions, but no lines and types",
          "compile with -g, or -g1, at any optimization; what is stripped may lie under /usr/lib/debug/.build-id"};
}

/// The first line: what a UserError advises beyond it is meant for `soak run`.
std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

std::vector<Finding> check_binary(const fs::path& named) {
  std::vector<Finding> findings;
  try {
    const auto binary = run::find_binary(named);
    const auto subject = binary.filename().string();
    const auto file = symbols::elf_summary(binary);
    findings.push_back(check_scenarios(subject, binary));
    findings.push_back(check_probe(subject, binary, file));
    findings.push_back(check_debug_info(subject, file));
  } catch (const std::exception& error) {
    findings.push_back({Health::bad, named.filename().string(), first_line(error.what()),
                        "soak list shows the scenarios of what is in order"});
  }
  return findings;
}

}  // namespace soak::doctor
