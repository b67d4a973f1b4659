// The trend of a noisy figure, by ranks: no outlier and no distribution of the noise moves it far.
#pragma once

#include <optional>
#include <span>

#include "verdict/numbers.hpp"
#include "verdict/series.hpp"

namespace soak::verdict {

struct Trend {
  double per_iteration = 0;  ///< Theil and Sen: the median of the slopes between all pairs of readings.
  double low = 0, high = 0;  ///< Of the slope, at the confidence asked for.
};

/// `confidence` is two-sided, as the normal quantile that belongs to it. Empty for fewer than 8 readings. The
/// interval is Kendall's, with the variance of his statistic corrected for readings that depend on the ones before
/// them: K. H. Hamed and A. R. Rao, "A modified Mann-Kendall trend test for autocorrelated data", Journal of
/// Hydrology 204 (1998). At most 256 readings are looked at, evenly chosen.
[[nodiscard]] std::optional<Trend> trend_of(std::span<const Sample> series, double confidence = numbers::certain_95);

}  // namespace soak::verdict
