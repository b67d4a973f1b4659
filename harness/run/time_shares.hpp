// `--for 8h`: how long each scenario runs so that all of them together take that long.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "record/record.hpp"

namespace soak::run {

/// Deals out what is left of the time among the scenarios that are left, as each of them begins: what one does not
/// use goes to those after it. Not for use by several threads at once.
class TimeShares {
 public:
  /// `jobs` scenarios at a time.
  TimeShares(std::chrono::seconds all, std::size_t scenarios, int jobs)
      : left_(all), scenarios_left_(scenarios), jobs_(jobs) {}

  /// The next scenario begins, `elapsed` after the first one did: its share in seconds, 0 where nothing is left.
  [[nodiscard]] double next(std::chrono::duration<double> elapsed);

 private:
  std::chrono::duration<double> left_;
  std::size_t scenarios_left_;
  int jobs_;
};

/// How to fill a share.
struct Filling {
  std::int64_t iterations = 0;  ///< Of each repetition, as planned or more.
  int repetitions = 1;
};

/// After a first run as planned, the pilot: so many more iterations, in as many repetitions as were planned, that
/// they fill three quarters of the share; the last quarter is for what may have to be confirmed and explained. What
/// cannot be scaled (no planned iterations) is repeated instead, a thousand times at most. As planned where the share
/// is no longer than that, or the pilot did not finish.
[[nodiscard]] Filling fill_share(const record::Scenario& planned, const record::Repetition& pilot, bool can_be_scaled,
                                 double share_seconds);

}  // namespace soak::run
