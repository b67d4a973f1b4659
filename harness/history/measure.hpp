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

/// Tables for scenarios that this record, an older one perhaps, does not know are no reason not to judge it.
[[nodiscard]] Verdicts judge_anyhow(const record::Run& run, const config::Config& config);

/// `settings` say where warm-up ends. A repetition that did not finish gives no figures; one of Google Benchmark's
/// without soak's counters gives its time.
[[nodiscard]] MeasuredRun measure(const record::Run& run, const Verdicts& verdicts, const config::Config& config);

/// The same of a record's folder, its run.json, or Google Benchmark JSON. The verdicts are those of the verdict.json
/// beside a run.json, else judged by `config`; Google Benchmark JSON without soak's counters has none. Throws what
/// record::load_run throws.
[[nodiscard]] MeasuredRun load_measured(const std::filesystem::path& path, const config::Config& config);

}  // namespace soak::history
