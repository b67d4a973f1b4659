#include "doctor/doctor.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "base/files.hpp"
#include "process/child_process.hpp"
#include "process/environment.hpp"
#include "region/region_reader.hpp"
#include "run/plan.hpp"

namespace soak::doctor {

namespace fs = std::filesystem;

namespace {

constexpr const char* names[] = {"good", "poor", "bad"};

const char* name_of(Health health) { return names[static_cast<std::size_t>(health)]; }

constexpr std::string_view libprobe = "libsoak_probe.so";

bool needs_probe(const symbols::ElfSummary& file) {
  return std::ranges::any_of(file.needed, [](const std::string& name) { return name.starts_with(libprobe); });
}

Finding on_machine(Health health, std::string what, std::string advice = {}) {
  return {health, "this machine", std::move(what), std::move(advice)};
}

bool has_line(const char* file, const std::string& beginning) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(beginning)) return true;
  return false;
}

Finding check_proc() {
  if (!has_line("/proc/self/status", "VmRSS:") || !has_line("/proc/self/status", "VmSize:"))
    return on_machine(Health::bad, "/proc/self/status has no memory figures",
                      "mount /proc: mount -t proc proc /proc; a container may need it mounted readable");
  if (!has_line("/proc/self/smaps_rollup", "Pss:"))
    return on_machine(Health::poor, "/proc/self/smaps_rollup cannot be read, so there is no PSS and USS",
                      "Linux 4.14 or later has it; the other figures do not need it");
  return on_machine(Health::good, "/proc may be read");
}

Finding check_peak_reset() {
  std::ofstream file("/proc/self/clear_refs");
  file << "5" << std::flush;
  return file ? on_machine(Health::good, "peaks of resident memory can be taken from the baseline on")
              : on_machine(
                    Health::poor,
                    "/proc/self/clear_refs cannot be written, so a peak before the baseline counts as the loop's",
                    "run outside of the container, or let it write there");
}

Finding check_descriptors() {
  constexpr rlim_t enough = 1024;
  struct stat folder {};
  if (stat("/proc/self/fd", &folder) != 0)
    return on_machine(Health::bad, "/proc/self/fd cannot be read, so descriptors are not counted", "mount /proc");
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < enough)
    return on_machine(Health::poor, fmt::format("a process may open only {} files", limit.rlim_cur),
                      "ulimit -n 4096: what leaks descriptors is followed further");
  return on_machine(Health::good, "descriptors can be counted");
}

/// The nearest folder that is there: results are made as needed.
Finding check_results(fs::path folder) {
  std::error_code ignored;
  folder = fs::absolute(folder);
  while (!fs::exists(folder, ignored) && folder != folder.parent_path()) folder = folder.parent_path();
  if (access(folder.c_str(), W_OK | X_OK) == 0)
    return on_machine(Health::good, fmt::format("records can be written to {}", folder.string()));
  return on_machine(Health::bad, fmt::format("{} cannot be written to: {}", folder.string(), std::strerror(errno)),
                    "name another folder with --results, or in [run] results");
}

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

Finding without_probe(const std::string& subject, const std::optional<symbols::ElfSummary>& file) {
  const auto bad = [&](std::string what, std::string advice) {
    return Finding{Health::bad, subject, std::move(what), std::move(advice)};
  };
  if (!file)
    return bad("is no executable of this system (ELF)", "name the program itself, not a script that starts it");
  if (file->is_static)
    return bad("is statically linked, so no probe can come before its malloc",
               "link it dynamically; without that only the operating system's figures can be had");
  if (!needs_probe(*file))
    return bad(
        "is not linked to libsoak_probe.so: it does not use soak, or the linker dropped the library as not needed",
        "link soak::fixture and soak::main; with a build of your own, put -Wl,--no-as-needed -lsoak_probe before "
        "all other libraries");
  return bad("is linked to libsoak_probe.so, yet the probe left no trace",
             "run it by hand with SOAK_REGION=/tmp/region and see what it says; SOAK_PROBE=off turns the probe off");
}

Finding without_heap(const std::string& subject, const std::string& why,
                     const std::optional<symbols::ElfSummary>& file) {
  std::string advice =
      "see that libsoak_probe.so comes first among the libraries: -Wl,--no-as-needed before all others";
  if (why.find("sanitizer") != std::string::npos)
    advice = "soak a build without sanitizers: they keep malloc to themselves";
  else if (file && file->defines_malloc)
    advice =
        "it has an allocator of its own linked into it; link that allocator as a shared library behind the probe";
  return {Health::bad, subject, fmt::format("the probe is there, but counts no heap: {}", why), advice};
}

Health worst_of(const std::vector<Finding>& findings) {
  auto worst = Health::good;
  for (const auto& finding : findings) worst = std::max(worst, finding.health);
  return worst;
}

std::string text_of(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto& [health, subject, what, advice] : findings) {
    text += fmt::format("{:<5} {}: {}\n", health == Health::good ? "ok" : name_of(health), subject, what);
    if (!advice.empty()) text += fmt::format("      what to do: {}\n", advice);
  }
  return text + (worst_of(findings) == Health::bad ? "\nnot everything can be measured here\n"
                                                   : "\nall that matters can be measured here\n");
}

std::string json_of(const std::vector<Finding>& findings) {
  using Json = nlohmann::ordered_json;
  auto list = Json::array();
  for (const auto& [health, subject, what, advice] : findings)
    list.push_back({{"health", name_of(health)},
                    {"subject", subject},
                    {"what", what},
                    {"advice", advice.empty() ? Json() : Json(advice)}});
  const Json json{{"schema_version", 1}, {"health", name_of(worst_of(findings))}, {"findings", list}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::vector<Finding> check_machine(const fs::path& results) {
  return {check_proc(), check_peak_reset(), check_descriptors(), check_results(results),
          on_machine(Health::good, "perf events, ptrace and root are not needed")};
}

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
