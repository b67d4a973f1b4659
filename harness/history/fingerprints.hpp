// Fingerprints of two runs: are machines and builds alike enough to compare times and resident memory?
#pragma once

#include <vector>

#include "history/comparison.hpp"

namespace soak::history {

/// A fingerprint with the keys of run.json. Google Benchmark's JSON prefixes ours with `soak_`, and has names of its
/// own.
[[nodiscard]] record::Fingerprint with_own_keys(const record::Fingerprint& fingerprint);

/// The differences between fingerprints with own keys. Memory is compared in GiB, because a kernel keeps some for
/// itself; the host's name is not compared, because a container has a new one each time. A key that only one side has
/// is a difference if it is an essential one (cpu, compiler, libc, allocator); others come from a newer soak.
[[nodiscard]] std::vector<FingerprintDifference> differences(const record::Fingerprint& base,
                                                             const record::Fingerprint& head);

/// "compiler: gcc 12.2.0 against gcc 13.1.0; cpu: ..."
[[nodiscard]] std::string sentence_of(const std::vector<FingerprintDifference>& differences);

}  // namespace soak::history
