// What the doctor finds.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "symbols/elf_file.hpp"

namespace soak::doctor {

enum class Health {
  good,
  poor,  ///< Works, but something is less than it could be.
  bad,   ///< Nothing, or not what matters, can be measured.
};

struct Finding {
  Health health = Health::good;
  std::string subject;  ///< "this machine", or the binary.
  std::string what;     ///< One clause.
  std::string advice;   ///< What to do next; empty where all is well.
};

/// What only the operating system can refuse: readings of /proc, descriptors, somewhere to write. `results` is where
/// records go.
[[nodiscard]] std::vector<Finding> check_machine(const std::filesystem::path& results);

/// Starts the binary twice, to list its scenarios and to see whether its malloc runs through the probe, and looks at
/// its file. Finds, never throws.
[[nodiscard]] std::vector<Finding> check_binary(const std::filesystem::path& named);

/// Why a binary in which no probe came to life has none, by its file.
[[nodiscard]] Finding without_probe(const std::string& subject, const std::optional<symbols::ElfSummary>& file);
/// Why the probe in it counts no heap; `why` as the probe says it.
[[nodiscard]] Finding without_heap(const std::string& subject, const std::string& why,
                                   const std::optional<symbols::ElfSummary>& file);

/// The worst of them.
[[nodiscard]] Health worst_of(const std::vector<Finding>& findings);

[[nodiscard]] std::string text_of(const std::vector<Finding>& findings);
/// `{"schema_version", "health", "findings": [{"health", "subject", "what", "advice"}]}`. Ends with a newline.
[[nodiscard]] std::string json_of(const std::vector<Finding>& findings);

}  // namespace soak::doctor
