// What must be alike for two runs to be compared: machine, system, build.
#pragma once

#include <string>

#include "record/record.hpp"

namespace soak::run {

/// Of this machine: host, cpu, cpu_count, memory_bytes, kernel, page_bytes.
[[nodiscard]] record::Fingerprint machine_fingerprint();
/// Adds what a scenario binary said of itself in Google Benchmark's context: every `soak_` key without its prefix,
/// and the library's build type. Text that is no Google Benchmark JSON adds nothing.
void add_build_fingerprint(record::Fingerprint& fingerprint, const std::string& benchmark_json);

}  // namespace soak::run
