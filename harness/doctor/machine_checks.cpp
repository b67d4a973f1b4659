// What the operating system lets us read and do.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

#include "doctor/prognosis.hpp"

namespace soak::doctor {
namespace {

namespace fs = std::filesystem;

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

}  // namespace

std::vector<Finding> check_machine(const fs::path& results) {
  return {check_proc(), check_peak_reset(), check_descriptors(), check_results(results),
          on_machine(Health::good, "perf events, ptrace and root are not needed")};
}

}  // namespace soak::doctor
