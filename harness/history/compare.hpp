// Two runs side by side: metrics, curves, call sites, types and gates.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "history/comparison.hpp"
#include "history/measurement.hpp"

namespace soak::history {

enum class AcrossMachines { no, yes };

/// A pure function of both runs, the gates and the renames of the config. Runs of different
/// lengths are compared by per-iteration metrics only.
[[nodiscard]] Comparison compare(const MeasuredRun& base, const MeasuredRun& head, const config::Config& config,
                                 AcrossMachines across_machines);

// Call sites and types of a run, summed up so that two runs can be compared.

/// Identifies a site across builds by kind, type and the functions of its stack. Lines, offsets and folders are left
/// out because they move with every edit.
[[nodiscard]] std::string site_key(const SiteTotals& site);

/// Sites of one key are added up: two lines of a function that allocate alike cannot be distinguished after an edit.
[[nodiscard]] std::vector<SiteTotals> site_totals_of(const record::Attribution& attribution);
[[nodiscard]] std::vector<TypeTotals> type_totals_of(const std::vector<record::LiveType>& types);

/// The changed sites, largest change first. A site that keeps nothing alive in either run is compared by what it
/// makes.
[[nodiscard]] std::vector<SiteChange> compare_sites(const std::vector<SiteTotals>& base,
                                                    const std::vector<SiteTotals>& head);
[[nodiscard]] std::vector<TypeChange> compare_types(const std::vector<TypeTotals>& base,
                                                    const std::vector<TypeTotals>& head);

// The gates of [compare] in benchmarks.toml.

/// A gate is broken if its metric is worse by more than it allows, and undecided if the metric could not be compared:
/// a gate that measured nothing is not kept.
void apply_gate(const config::Gate& gate, MetricChange& change);

}  // namespace soak::history
