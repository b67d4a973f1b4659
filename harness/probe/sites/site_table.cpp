#include "probe/sites/site_table.hpp"

namespace soak::probe {

void SiteTable::begin(layout::RegionHeader& region) noexcept {
  header_ = layout::section_begin<layout::SitesHeader>(region, layout::SectionId::site_header);
  sites_ = layout::section_begin<layout::Site>(region, layout::SectionId::sites);
  frames_ = layout::section_begin<std::uint64_t>(region, layout::SectionId::frames);
  for (std::uint32_t kind = 0; kind < layout::site_kind_count; ++kind) {
    auto& unknown = sites_[layout::unknown_site + kind];
    unknown.end = layout::StackEnd::stopped;
    unknown.kind = static_cast<layout::SiteKind>(kind);
    unknown.is_ready = 1;
  }
  header_->site_count = layout::first_known_site;
  header_->module_count = 1;
}

namespace {

/// The heap's hashes stay as they are; any other kind's are moved by an amount of its own.
std::uint64_t moved_by_kind(std::uint64_t hash, layout::SiteKind kind) noexcept {
  return hash ^ static_cast<std::uint64_t>(kind) * 0xc2b2ae3d27d4eb4fu;
}

std::uint64_t hash_of_innermost(const StackMemory& memory, std::uint32_t count) noexcept {
  std::uint64_t hash = count;
  for (std::uint32_t i = 0; i < count; ++i) {
    hash = (hash ^ memory.frames[memory.depth - 1 - i].frame) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
  }
  return hash;
}

}  // namespace

std::uint32_t SiteTable::site_of(const StackMemory& memory, layout::SiteKind kind) noexcept {
  if (memory.depth == 0) return layout::unknown_site_of(kind);
  const auto whole = moved_by_kind(memory.frames[memory.depth - 1].hash, kind);
  const auto count = header_->site_count.load(std::memory_order_relaxed);
  if (count < crowding[0].sites) return look_up(memory, memory.depth, whole, kind, IfMissing::add);
  auto site = look_up(memory, memory.depth, whole, kind, IfMissing::leave);
  for (std::size_t i = 0; site == 0; ++i) {
    const bool is_last = i + 1 == sizeof(crowding) / sizeof(*crowding) || count < crowding[i + 1].sites;
    const auto depth = memory.depth < crowding[i].frames ? memory.depth : crowding[i].frames;
    site = look_up(memory, depth, moved_by_kind(hash_of_innermost(memory, depth), kind), kind,
                   is_last ? IfMissing::add : IfMissing::leave);
  }
  return site;
}

std::uint32_t SiteTable::look_up(const StackMemory& memory, std::uint32_t depth, std::uint64_t hash,
                                 layout::SiteKind kind, IfMissing if_missing) noexcept {
  std::uint32_t added = 0;
  for (auto bucket = static_cast<std::uint32_t>(hash >> (64 - bucket_bits));; bucket = (bucket + 1) % bucket_count) {
    auto word = buckets_[bucket].load(std::memory_order_acquire);
    if (word == 0) {
      if (if_missing == IfMissing::leave) return 0;
      if (added == 0) added = new_site(memory, depth, hash, kind);
      if (added == layout::unknown_site_of(kind)) return added;
      // Another thread may be faster; what it wrote is then in `word`, and our number, if it is the same stack's,
      // stays unused.
      if (buckets_[bucket].compare_exchange_strong(word, (hash & ~number_mask) | added, std::memory_order_acq_rel)) {
        sites_[added].is_ready.store(1, std::memory_order_release);
        return added;
      }
    }
    if (((word ^ hash) & ~number_mask) == 0) return static_cast<std::uint32_t>(word & number_mask);
  }
}

std::uint32_t SiteTable::new_site(const StackMemory& memory, std::uint32_t depth, std::uint64_t hash,
                                  layout::SiteKind kind) noexcept {
  const bool is_full = header_->site_count.load(std::memory_order_relaxed) >= layout::site_capacity;
  const auto number = is_full ? layout::site_capacity : header_->site_count.fetch_add(1, std::memory_order_relaxed);
  if (number >= layout::site_capacity) {
    ++header_->site_overflows;
    return layout::unknown_site_of(kind);
  }
  auto& site = sites_[number];
  site.hash = hash;
  site.end = memory.end;
  site.kind = kind;
  write_frames(memory, depth, site);
  return number;
}

void SiteTable::write_frames(const StackMemory& memory, std::uint32_t depth, layout::Site& site) noexcept {
  const bool is_full = header_->frame_count.load(std::memory_order_relaxed) >= layout::frame_capacity;
  const auto first =
      is_full ? layout::frame_capacity : header_->frame_count.fetch_add(depth, std::memory_order_relaxed);
  const auto room = first < layout::frame_capacity ? layout::frame_capacity - first : 0;
  site.first_frame = first;
  site.frame_count = depth < room ? depth : room;
  if (site.frame_count < memory.depth) site.end = layout::StackEnd::frames_full;
  for (std::uint32_t i = 0; i < site.frame_count; ++i) frames_[first + i] = memory.frames[memory.depth - 1 - i].frame;
}

}  // namespace soak::probe
