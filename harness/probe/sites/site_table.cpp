#include "probe/sites/site_table.hpp"

namespace soak::probe {

void SiteTable::begin(RegionHeader& region) noexcept {
  header_ = section_begin<SitesHeader>(region, SectionId::site_header);
  sites_ = section_begin<Site>(region, SectionId::sites);
  frames_ = section_begin<std::uint64_t>(region, SectionId::frames);
  sites_[unknown_site].end = StackEnd::stopped;
  sites_[unknown_site].is_ready = 1;
  header_->site_count = unknown_site + 1;
  header_->module_count = 1;
}

std::uint32_t SiteTable::site_of(const StackMemory& memory) noexcept {
  if (memory.depth == 0) return unknown_site;
  const auto hash = memory.frames[memory.depth - 1].hash;
  std::uint32_t added = 0;
  for (auto bucket = static_cast<std::uint32_t>(hash >> (64 - bucket_bits));; bucket = (bucket + 1) % bucket_count) {
    auto word = buckets_[bucket].load(std::memory_order_acquire);
    if (word == 0) {
      if (added == 0) added = new_site(memory, hash);
      if (added == unknown_site) return unknown_site;
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

std::uint32_t SiteTable::new_site(const StackMemory& memory, std::uint64_t hash) noexcept {
  const bool is_full = header_->site_count.load(std::memory_order_relaxed) >= site_capacity;
  const auto number = is_full ? site_capacity : header_->site_count.fetch_add(1, std::memory_order_relaxed);
  if (number >= site_capacity) {
    ++header_->site_overflows;
    return unknown_site;
  }
  auto& site = sites_[number];
  site.hash = hash;
  site.end = memory.end;
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
