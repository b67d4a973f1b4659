// What was alive when the live heap stood highest.
#pragma once

#include <optional>

#include "verdict/verdict.hpp"

namespace soak::verdict {

/// At the highest of the checkpoints that call sites were read at.
struct AliveAtPeak {
  std::int64_t iteration = 0;
  std::int64_t growth_bytes = 0;  ///< Of all sites since the baseline.
  /// Those that held more than at the baseline, largest first. Their histories end here, their shares are of what
  /// they had grown by together, and they have no rates.
  std::vector<SiteGrowth> sites;
};

/// Empty where the run has no call sites that were read twice, or where they held no more than at the baseline.
[[nodiscard]] std::optional<AliveAtPeak> alive_at_peak(const record::Repetition& run);

}  // namespace soak::verdict
