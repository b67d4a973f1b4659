// Live objects by type, named for people.
#pragma once

#include <optional>
#include <vector>

#include "record/attribution.hpp"
#include "region/region_types.hpp"
#include "run/resolve_sites.hpp"

namespace soak::run {

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

}  // namespace soak::run
