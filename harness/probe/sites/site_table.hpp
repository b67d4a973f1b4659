// From a stack to its site's number: a bounded hash table without locks.
#pragma once

#include "probe/sites/unwinder.hpp"
#include "region/layout/site_layout.hpp"

namespace soak::probe {

class SiteTable {
 public:
  /// Zero-initialised memory becomes an empty table over the region's sections.
  void begin(layout::RegionHeader& region) noexcept;

  /// The number of the stack in `memory`, for what is made there of this kind; it gets one at its first time.
  /// unknown_site_of(kind) where there is no room left (counted in the region). Two stacks are the same where the
  /// upper 50 bits of their hashes are: one pair in a million of full tables is mixed up.
  ///
  /// An interpreter has made thousands of stacks before its program does anything. So the fuller the table is, the
  /// fewer of the innermost frames tell new stacks apart: what grows later still has a site, if one with a shorter
  /// stack.
  [[nodiscard]] std::uint32_t site_of(const StackMemory& memory, layout::SiteKind kind) noexcept;

 private:
  static constexpr unsigned bucket_bits = 15;
  static constexpr std::uint32_t bucket_count = 1u << bucket_bits;
  static_assert(bucket_count >= 2 * layout::site_capacity);

  /// From so many sites on, new ones have so many frames at most.
  struct Crowding {
    std::uint32_t sites, frames;
  };
  static constexpr Crowding crowding[] = {
      {layout::site_capacity / 2, 8}, {layout::site_capacity / 4 * 3, 4}, {layout::site_capacity / 8 * 7, 2}};

  enum class IfMissing { add, leave };
  /// By the `depth` innermost frames, whose hash is given. 0 where it is missing and left so.
  std::uint32_t look_up(const StackMemory& memory, std::uint32_t depth, std::uint64_t hash, layout::SiteKind kind,
                        IfMissing if_missing) noexcept;
  std::uint32_t new_site(const StackMemory& memory, std::uint32_t depth, std::uint64_t hash,
                         layout::SiteKind kind) noexcept;
  void write_frames(const StackMemory& memory, std::uint32_t depth, layout::Site& site) noexcept;

  layout::SitesHeader* header_;
  layout::Site* sites_;
  std::uint64_t* frames_;
  /// A site's hash, its low bits replaced by its number; 0: free. One load tells both.
  static constexpr std::uint64_t number_mask = layout::site_capacity - 1;
  std::atomic<std::uint64_t> buckets_[bucket_count];
};

}  // namespace soak::probe
