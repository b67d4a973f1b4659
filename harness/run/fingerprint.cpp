#include "run/fingerprint.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

namespace soak::run {
namespace {

std::string cpu_model() {
  std::ifstream cpus("/proc/cpuinfo");
  for (std::string line; std::getline(cpus, line);)
    if (line.starts_with("model name")) return line.substr(std::min(line.size(), line.find(": ") + 2));
  return "unknown";
}

}  // namespace

record::Fingerprint machine_fingerprint() {
  utsname system{};
  uname(&system);
  const auto page_bytes = sysconf(_SC_PAGESIZE);
  return {
      {"host", system.nodename},
      {"kernel", std::string(system.sysname) + " " + system.release},
      {"architecture", system.machine},
      {"cpu", cpu_model()},
      {"cpu_count", std::to_string(std::thread::hardware_concurrency())},
      {"memory_bytes", std::to_string(sysconf(_SC_PHYS_PAGES) * page_bytes)},
      {"page_bytes", std::to_string(page_bytes)},
  };
}

void add_build_fingerprint(record::Fingerprint& fingerprint, const std::string& benchmark_json) {
  const auto document = nlohmann::json::parse(benchmark_json, nullptr, false);
  if (!document.is_object() || !document.contains("context") || !document["context"].is_object()) return;
  for (const auto& [key, value] : document["context"].items()) {
    if (!value.is_string()) continue;
    if (key.starts_with("soak_")) fingerprint[key.substr(5)] = value.get<std::string>();
    if (key == "library_build_type") fingerprint["benchmark_library_build_type"] = value.get<std::string>();
    if (key == "library_version") fingerprint["benchmark_library_version"] = value.get<std::string>();
  }
}

}  // namespace soak::run
