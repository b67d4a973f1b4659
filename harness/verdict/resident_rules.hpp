// Resident memory and address space: the second witness. It exceeds a limit; where the heap was counted it never
// proves a leak.
#pragma once

#include <optional>
#include <string>

#include "verdict/evidence.hpp"

namespace soak::verdict {

/// Resident memory, its peaks, and address space, against their limits.
void judge_resident(const Evidence& evidence, Judgement& judgement);

/// Resident memory as the only witness, of a program whose heap nobody counts, by `limit` bytes per iteration. It is
/// noisy, and each reading depends on the one before; so a leak is a trend that is certain in spite of both, and that
/// does not slow down.
void judge_resident_alone(const Evidence& evidence, double limit, Judgement& judgement);

/// Bytes per iteration: a leak of this or more judge_resident_alone would have found.
[[nodiscard]] std::optional<double> smallest_resident_leak_seen(const Evidence& evidence, double limit);

/// How growth of resident memory and that of live heap, `heap`, go together: the rest of a sentence.
[[nodiscard]] std::string beside_live_heap(const Evidence& evidence, std::int64_t growth, std::int64_t heap);

}  // namespace soak::verdict
