// What a running child holds right now: three small reads, whatever its size.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace soak::run {

/// Empty: not known, or not yet.
struct LiveFigures {
  std::optional<std::int64_t> iterations;          ///< Done at its last checkpoint.
  std::optional<std::int64_t> planned_iterations;  ///< A thread.
  std::optional<std::int64_t> heap_bytes;          ///< Live, within 32 KiB a thread.
  std::optional<std::int64_t> rss_bytes;           ///< Resident, the probe's own pages among them.
};

/// Of the process that writes to this region. Nothing where there is none, or none of this version.
[[nodiscard]] LiveFigures live_figures(const std::filesystem::path& region);

}  // namespace soak::run
