// soak doctor and soak selftest: whether what soak says here can be believed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace soak::app {

struct DoctorOptions {
  std::vector<std::filesystem::path> binaries;  ///< Empty: those of the config.
  std::string config_file;
  bool json = false;
};

/// Prints whether this machine and the binaries can be measured, and what to do if not. Returns the exit status.
[[nodiscard]] int examine(const DoctorOptions& options);

struct SelftestOptions {
  std::string config_file;
  std::filesystem::path results;  ///< Where the record goes; empty: it is not kept.
  bool json = false;
};

/// Plants leaks at the edge of what the thresholds allow. Prints which were caught; the exit status is 0 if all were.
[[nodiscard]] int selftest(const SelftestOptions& options);

}  // namespace soak::app
