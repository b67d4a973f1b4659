// Live heap: exact, so that one leaked block in a thousand iterations shows.
#pragma once

#include <optional>

#include "verdict/evidence.hpp"

namespace soak::verdict {

/// Live heap per iteration; resident memory by the same limit if the heap was not counted.
void judge_heap(const Evidence& evidence, Judgement& judgement);

/// Bytes per iteration after warm-up; from the baseline on if there is too little after warm-up.
[[nodiscard]] std::optional<double> heap_growth_per_iteration(const Evidence& evidence);

/// That this growth is what noise or rounding makes.
[[nodiscard]] bool is_heap_growth_noise(const Evidence& evidence);

/// What rounding alone can move live heap by while the number of blocks is flat; 0 if that is not.
[[nodiscard]] std::int64_t rounding_bytes(const Evidence& evidence);

/// Bytes per iteration: what rises certainly, beyond rounding and the limit. Empty if nothing does, or if there is
/// too little to judge.
[[nodiscard]] std::optional<double> rising_heap_per_iteration(const Evidence& evidence);

/// Bytes per iteration. A leak of this or more, in blocks of the smallest size, would have been found in this
/// repetition; empty if it had too little to judge.
[[nodiscard]] std::optional<double> smallest_heap_leak_seen(const Evidence& evidence);

/// Takes out the growth of live heap that stayed within expected_growth in all runs of the scenario. Scaled runs have
/// been weighed before: confirm goes on until growth stops or exceeds what was expected, so that no leak hides in it.
void leave_out_expected_growth(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                               Judgement& judgement);

/// Bytes per iteration: a leak up to this may hide in what is expected, if the longest run still grew at its end; 0
/// if nothing can.
[[nodiscard]] double leak_hidden_by_expected_growth(const record::Scenario& scenario,
                                                    const config::ScenarioSettings& settings);

}  // namespace soak::verdict
