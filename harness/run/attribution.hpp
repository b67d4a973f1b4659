// What a run with call sites on goes into the record with.
#pragma once

#include <cstddef>
#include <filesystem>

#include "record/record.hpp"
#include "region/region_sites.hpp"

namespace soak::run {

/// Sites that were never alive at a reading of the loop are left out. Of the others at most `most_sites` are kept:
/// those that grew most, in bytes and then in number, and fifty at most that never changed; the rest is summed up.
[[nodiscard]] record::Attribution attribution_of(const region::RegionSites& sites, std::size_t most_sites);

/// Of the process that left this region, ended or killed: its attribution, and beside the types that it has already,
/// those that only call sites tell. Where there are no call sites, `unavailable` says why.
void take_attribution(record::Repetition& repetition, const std::filesystem::path& region, std::size_t most_sites);

}  // namespace soak::run
