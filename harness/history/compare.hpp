// Two runs side by side.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "history/comparison.hpp"
#include "history/measurement.hpp"

namespace soak::history {

enum class AcrossMachines { no, yes };

/// A pure function of both runs, the gates and the renames of the config. Lengths that differ leave only what is told
/// an iteration comparable.
[[nodiscard]] Comparison compare(const MeasuredRun& base, const MeasuredRun& head, const config::Config& config,
                                 AcrossMachines across_machines);

// Call sites and types of a run, summed up so that two runs can be compared.

/// What makes two sites the same one in two builds: kind, type and functions of the stack, without lines, offsets and
/// folders, which move with every edit.
[[nodiscard]] std::string site_key(const SiteTotals& site);

/// Sites of one key are one: two lines of a function that allocate alike cannot be told apart once it was edited.
[[nodiscard]] std::vector<SiteTotals> site_totals_of(const record::Attribution& attribution);
[[nodiscard]] std::vector<TypeTotals> type_totals_of(const std::vector<record::LiveType>& types);

/// Largest change first. A site that keeps nothing alive in either run counts as changed by what it makes.
[[nodiscard]] std::vector<SiteChange> compare_sites(const std::vector<SiteTotals>& base,
                                                    const std::vector<SiteTotals>& head);
[[nodiscard]] std::vector<TypeChange> compare_types(const std::vector<TypeTotals>& base,
                                                    const std::vector<TypeTotals>& head);

// The gates of [compare] in benchmarks.toml.

/// Broken is a gate whose metric is worse, and by more than it allows; undecided one whose metric could not be
/// compared: a gate that measured nothing is not kept.
void apply_gate(const config::Gate& gate, MetricChange& change);

}  // namespace soak::history
