// The checkpoints that the fixture packs into the counters of a Google Benchmark row, and how they are taken out
// again.
//
//   "cp00.iteration": 0.0, "cp00.rss_bytes": 4.2e6, ...   numbered: the first is the baseline, the last the final one
//   "cp.after_cleanup.rss_bytes": 4.2e6, ...              labelled
#pragma once

#include <string>
#include <vector>

#include "record/json_document.hpp"
#include "record/record.hpp"

namespace soak::record {

struct UnpackedCheckpoints {
  std::vector<Checkpoint> checkpoints;  ///< In the order taken: baseline first, final last.
  std::string problem;                  ///< Why they are not a series, as a sentence; empty where they are.
};

/// `row` is one element of "benchmarks". Throws UnreadableRecord where a counter is no whole number.
[[nodiscard]] UnpackedCheckpoints unpack_checkpoints(const JsonSpot& row);

}  // namespace soak::record
