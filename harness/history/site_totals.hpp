// Call sites and types of a run, summed up so that two runs can be compared.
#pragma once

#include <string>
#include <vector>

#include "history/comparison.hpp"
#include "history/measurement.hpp"

namespace soak::history {

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

}  // namespace soak::history
