// Live objects by type in the shared region.
//
//   type_header       one TypesHeader
//   types             TypeEntry
//   type_names        characters: names as std::type_info::name() has them, each zero-terminated
//   type_checkpoints  TypeCheckpoint: which readings have counts
//   type_points       TypePoint[checkpoint][type]
//   typed_sites       TypedSite[typed_moments][site_capacity]: of each call site, blocks whose vtable was found
//
// Classes that count themselves (soak::Counted) are always there, at every reading; those found by their vtables only
// with call sites on, at the moments of TypedMoment.
#pragma once

#include "region/layout/region_layout.hpp"

namespace soak::layout {

/// How many types, characters of names and readings there is room for: with call sites on, and without.
struct TypeCapacities {
  std::uint32_t types, name_bytes, checkpoints;
};
inline constexpr TypeCapacities types_with_sites{2048, 512 * 1024, 80}, types_without_sites{128, 16 * 1024, 80};

enum class TypeSource : std::uint32_t { counted, vtable };

struct TypeEntry {
  std::uint32_t name_offset = 0;  ///< Into type_names.
  TypeSource source = TypeSource::counted;
};

struct TypePoint {
  std::int64_t count = 0, bytes = 0;
};

struct TypeCheckpoint {
  std::int64_t iteration = absent;
  std::int64_t monotonic_ns = absent;
  ReadingKind kind = ReadingKind::snapshot;
  std::uint32_t type_count = 0;  ///< Types that there were then.
};

/// When all live blocks are looked at.
enum class TypedMoment : std::uint32_t { baseline, final, ended };
inline constexpr std::uint32_t typed_moments = 3;

struct TypedSite {
  std::int64_t blocks = 0, bytes = 0;
};

struct TypesHeader {
  std::atomic<std::uint32_t> type_count{0};
  std::atomic<std::uint32_t> name_bytes{0};
  std::atomic<std::uint32_t> checkpoint_count{0};
  std::atomic<std::uint32_t> moments{0};   ///< A bit for each TypedMoment that was looked at.
  std::atomic<std::int64_t> overflows{0};  ///< Objects, at all readings, whose type there was no room for.
  char vtables_unavailable[96] = {};       ///< Why blocks are not looked at; empty where they are.
};

}  // namespace soak::layout
