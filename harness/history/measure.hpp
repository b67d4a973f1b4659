// From a run record to what history keeps of it.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "config/config.hpp"
#include "history/measurement.hpp"
#include "record/record.hpp"
#include "verdict/verdict.hpp"

namespace soak::history {

/// Verdicts by scenario, as spelled in verdict.json.
using Verdicts = std::map<std::string, std::string>;

[[nodiscard]] Verdicts verdicts_of(const verdict::RunVerdict& verdict);

/// Judges the run. Tables of the config for scenarios that the record does not have are ignored: it may be an older
/// one.
[[nodiscard]] Verdicts judge_leniently(const record::Run& run, const config::Config& config);

/// The config's settings say where warm-up ends. A repetition that did not finish has no figures; one of Google
/// Benchmark's without soak's counters has its time.
[[nodiscard]] MeasuredRun measure(const record::Run& run, const Verdicts& verdicts, const config::Config& config);

/// The same, read from a record's folder, its run.json, or Google Benchmark JSON. Verdicts come from the verdict.json
/// beside a run.json, otherwise the run is judged by `config`; Google Benchmark JSON without soak's counters has
/// none. Throws what record::load_run throws.
[[nodiscard]] MeasuredRun load_measured(const std::filesystem::path& path, const config::Config& config);

}  // namespace soak::history
