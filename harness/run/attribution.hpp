// What a run with call sites on puts into the record.
//
// Stacks are resolved to functions, files and lines after the measured process has ended. Live objects get their
// types from vtables and from the frames of allocators and constructors. What grew most is kept, the rest is summed
// up.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

#include "record/record.hpp"
#include "region/region_sites.hpp"

namespace soak::run {

struct ResolvedSite {
  const region::RegionSite* counted = nullptr;  ///< As in the region.
  record::CallSite site;                        ///< Its history has the readings of the loop.
};

/// Those that `wanted` says yes to, in the region's order; what has no frames has no site. Borrows `sites`.
[[nodiscard]] std::vector<ResolvedSite> resolve_sites(const region::RegionSites& sites,
                                                      const std::function<bool(const region::RegionSite&)>& wanted);

/// The readings that were taken in the loop: the one at the program's end has no iteration.
[[nodiscard]] std::vector<record::LivePoint> loop_history(const region::RegionSite& site);

/// A record has the readings of the loop only. The program's end, or where it was killed how it went, is a reading
/// without an iteration (probe::absent).
enum class ProgramEnd { left_out, included };

/// The types of a region under their short names: what comes out the same is added up.
[[nodiscard]] std::vector<record::LiveType> named_types(const std::vector<region::RegionType>& types, ProgramEnd end);

/// What only the frames of allocators and constructors tell, at the first and the last reading of the loop. Blocks
/// whose vtable was found are the types' above.
[[nodiscard]] std::vector<record::LiveType> types_by_frames(const std::vector<ResolvedSite>& sites, ProgramEnd end);

/// Of the blocks whose site is known those that a frame or their own vtable names, in percent: at the last reading of
/// the loop, or at the program's end. Nothing where there are no blocks.
[[nodiscard]] std::optional<double> typed_blocks_percent(const std::vector<ResolvedSite>& sites, ProgramEnd end);

/// A record has at most so many: those that grew most, in number and then in bytes.
inline constexpr std::size_t most_types = 200;
void keep_most_grown(std::vector<record::LiveType>& types);

/// Sites that were never alive at a reading of the loop are left out. Of the others at most `most_sites` are kept:
/// those that grew most, in bytes and then in number, and fifty at most that never changed; the rest is summed up.
[[nodiscard]] record::Attribution attribution_of(const region::RegionSites& sites, std::size_t most_sites);

/// Of the process that left this region, ended or killed: its attribution, and beside the types that it has already,
/// those that only call sites tell. Where there are no call sites, `unavailable` says why.
void take_attribution(record::Repetition& repetition, const std::filesystem::path& region, std::size_t most_sites);

}  // namespace soak::run
