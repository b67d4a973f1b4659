// Google Benchmark's JSON as a run: one scenario for each name, one repetition for each row. The fixture packs the
// checkpoints into the counters of a row:
//
//   "cp00.iteration": 0.0, "cp00.rss_bytes": 4.2e6, ...   numbered: the first is the baseline, the last the final one
//   "cp.after_cleanup.rss_bytes": 4.2e6, ...              labelled
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "record/record.hpp"

namespace soak::record {

/// Reads Google Benchmark JSON, from soak's fixture or not. A row that failed, or has no soak counters, becomes a
/// repetition that failed. Throws UnreadableRecord, which names `origin`, also if there is no row to judge.
[[nodiscard]] Run run_from_benchmark_json(std::string_view json, const std::string& origin);
/// The same from a parsed document.
[[nodiscard]] Run run_from_benchmark_document(const nlohmann::json& document, const std::string& origin);

}  // namespace soak::record
