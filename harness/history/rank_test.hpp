// Tests of two samples of a noisy figure: do they come from the same distribution?
#pragma once

#include <vector>

namespace soak::history {

struct RankTest {
  double p_value = 1;          ///< Two-sided.
  double greater_share = 0.5;  ///< Share of pairs in which `head` is greater; ties count half. Vargha and
                               ///< Delaney's A, the U statistic over the number of pairs.
};

/// Mann and Whitney's U test (1947). Up to 40 values in all it is exact, with ties: it counts the rank sums of every
/// way to deal the ranks out. Beyond, it is the normal approximation with correction for ties and continuity.
/// Precondition: neither is empty.
[[nodiscard]] RankTest mann_whitney(const std::vector<double>& base, const std::vector<double>& head);

/// The lowest p-value that samples of these sizes can have: 2 / C(n + m, n), at most 1.
[[nodiscard]] double smallest_p_value(std::size_t base, std::size_t head);

/// The shift as a ratio: the median of head / base over all pairs (Hodges and Lehmann 1963, of logarithms).
/// Precondition: all are positive, neither is empty.
[[nodiscard]] double shift_ratio(const std::vector<double>& base, const std::vector<double>& head);

/// For an even number of values the mean of the two in the middle. Precondition: not empty.
[[nodiscard]] double median(std::vector<double> values);

}  // namespace soak::history
