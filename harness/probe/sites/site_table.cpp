#include "probe/sites/site_table.hpp"

namespace soak::probe {

void SiteTable::begin(RegionHeader& region) noexcept {
  header_ = section_begin<SitesHeader>(region, SectionId::site_header);
  sites_ = section_begin<Site>(region, SectionId::sites);
  frames_ = section_begin<std::uint64_t>(region, SectionId::frames);
  for (std::uint32_t kind = 0; kind < site_kind_count; ++kind) {
    auto& unknown = sites_[unknown_site + kind];
    unknown.end = StackEnd::stopped;
    unknown.kind = static_cast<SiteKind>(kind);
    unknown.is_ready = 1;
  }
  header_->site_count = first_known_site;
  header_->module_count = 1;
}

std::uint32_t SiteTable::site_of(const StackMemory& memory, SiteKind kind) noexcept {
  if (memory.depth == 0) return unknown_site_of(kind);
  // The heap's hashes stay as they are; any other kind's are moved by an amount of its own.
  const auto hash = memory.frames[memory.depth - 1].hash ^ static_cast<std::uint64_t>(kind) * 0xc2b2ae3d27d4eb4fu;
  std::uint32_t added = 0;
  for (auto bucket = static_cast<std::uint32_t>(hash >> (64 - bucket_bits));; bucket = (bucket + 1) % bucket_count) {
    auto word = buckets_[bucket].load(std::memory_order_acquire);
    if (word == 0) {
      if (added == 0) added = new_site(memory, hash, kind);
      if (added == unknown_site_of(kind)) return added;
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

std::uint32_t SiteTable::new_site(const StackMemory& memory, std::uint64_t hash, SiteKind kind) noexcept {
  const bool is_full = header_->site_count.load(std::memory_order_relaxed) >= site_capacity;
  const auto number = is_full ? site_capacity : header_->site_count.fetch_add(1, std::memory_order_relaxed);
  if (number >= site_capacity) {
    ++header_->site_overflows;
    return unknown_site_of(kind);
  }
  auto& site = sites_[number];
  site.hash = hash;
  site.end = memory.end;
  site.kind = kind;
  write_frames(memory, site);
  return number;
}

void SiteTable::write_frames(const StackMemory& memory, Site& site) noexcept {
  const bool is_full = header_->frame_count.load(std::memory_order_relaxed) >= frame_capacity;
  const auto first =
      is_full ? frame_capacity : header_->frame_count.fetch_add(memory.depth, std::memory_order_relaxed);
  const auto room = first < frame_capacity ? frame_capacity - first : 0;
  site.first_frame = first;
  site.frame_count = memory.depth < room ? memory.depth : room;
  if (site.frame_count < memory.depth) site.end = StackEnd::frames_full;
  for (std::uint32_t i = 0; i < site.frame_count; ++i) frames_[first + i] = memory.frames[memory.depth - 1 - i].frame;
}

}  // namespace soak::probe
