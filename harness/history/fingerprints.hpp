// Whether two runs were measured on machines, and with builds, that are alike enough for times and resident memory.
#pragma once

#include <vector>

#include "history/comparison.hpp"

namespace soak::history {

/// A fingerprint with the keys of run.json: Google Benchmark's JSON has `soak_` before ours, and names of its own.
[[nodiscard]] record::Fingerprint with_own_keys(const record::Fingerprint& fingerprint);

/// Of fingerprints with own keys. Memory is compared in GiB, since a kernel keeps some for itself; the name of the
/// host not at all: a container has a new one each time. A key that only one side has is a difference where it is one
/// without which nothing is known (cpu, compiler, libc, allocator), and else a newer soak's.
[[nodiscard]] std::vector<FingerprintDifference> differences(const record::Fingerprint& base,
                                                             const record::Fingerprint& head);

/// "compiler: gcc 12.2.0 against gcc 13.1.0; cpu: ..."
[[nodiscard]] std::string sentence_of(const std::vector<FingerprintDifference>& differences);

}  // namespace soak::history
