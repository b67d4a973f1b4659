#include "region/region_sites.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "region/layout/site_layout.hpp"
#include "region/layout/type_layout.hpp"
#include "region/region_file.hpp"

namespace soak::region {

namespace {

using layout::SectionId;

RegionModule to_module(const layout::ModuleEntry& entry) {
  RegionModule module;
  module.path = text_of(entry.path);
  const auto bytes = std::min<std::size_t>(entry.build_id_bytes, sizeof(entry.build_id));
  for (std::size_t i = 0; i < bytes; ++i) module.build_id += fmt::format("{:02x}", entry.build_id[i]);
  module.begin = entry.begin;
  module.end = entry.end;
  module.load_bias = entry.load_bias;
  return module;
}

std::vector<RegionModule> modules_in(const RegionFile& region, std::size_t known) {
  std::vector<RegionModule> modules;
  const auto count = std::min(known, region.count<layout::ModuleEntry>(SectionId::modules));
  for (std::size_t i = 0; i < count; ++i)
    modules.push_back(to_module(*region.get<layout::ModuleEntry>(SectionId::modules, i)));
  return modules;
}

bool is_probe(const RegionModule& module) {
  return std::filesystem::path(module.path).filename().string().starts_with("libsoak_probe");
}

void add_frames(const RegionFile& region, const layout::Site& site, const std::vector<RegionModule>& modules,
                RegionSite& to) {
  const auto room = region.count<std::uint64_t>(SectionId::frames);
  const auto first = std::min<std::size_t>(site.first_frame, room);
  const auto count = std::min<std::size_t>(site.frame_count, room - first);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t frame = 0;
    region.read(frame, SectionId::frames, first + i);
    const auto number = frame >> layout::frame_address_bits;
    const auto module = static_cast<std::uint32_t>(number < modules.size() ? number : 0);
    // operator new and the wrapper of main are the probe's: nobody's call site.
    if (module != 0 && is_probe(modules[module])) continue;
    to.frames.push_back(frame & layout::frame_address_mask);
    to.frame_modules.push_back(module);
  }
}

void add_counters(const RegionFile& region, std::size_t number, RegionSite& to) {
  const auto count = region.count<layout::SiteCounters>(SectionId::site_counters);
  for (auto i = number; i < count; i += layout::site_capacity) {
    layout::SiteCounters counters;
    region.read(counters, SectionId::site_counters, i);
    to.total_bytes += counters.allocated_bytes;
    to.total_blocks += counters.allocations;
    to.live_bytes += counters.allocated_bytes - counters.freed_bytes;
    to.live_blocks += counters.allocations - counters.frees;
    to.live_requested_bytes += counters.allocated_bytes - counters.freed_bytes - counters.live_slack_bytes;
  }
}

void add_history(const RegionFile& region, std::size_t number, std::size_t checkpoints, RegionSite& to) {
  const auto room = region.count<layout::SitePoint>(SectionId::site_history);
  for (std::size_t i = 0; i < checkpoints; ++i) {
    const auto checkpoint = region.get<layout::SiteCheckpoint>(SectionId::site_checkpoints, i);
    const auto at = i * layout::site_capacity + number;
    layout::SitePoint point;
    // A site younger than the checkpoint had nothing then.
    if (number < checkpoint->site_count && at < room) region.read(point, SectionId::site_history, at);
    to.history.push_back({checkpoint->iteration, point.live_bytes, point.live_blocks, point.live_requested_bytes});
  }
}

record::SiteKind kind_of(layout::SiteKind kind) {
  switch (kind) {
    case layout::SiteKind::descriptor:
      return record::SiteKind::descriptor;
    case layout::SiteKind::thread:
      return record::SiteKind::thread;
    case layout::SiteKind::mapping:
      return record::SiteKind::mapping;
    case layout::SiteKind::child:
      return record::SiteKind::child;
    default:
      return record::SiteKind::heap;
  }
}

/// What was left of an earlier loop does not count: only moments that the header names.
TypedBlocks typed_blocks(const RegionFile& region, std::size_t number, layout::TypedMoment wanted) {
  const auto moment = static_cast<std::uint32_t>(wanted);
  const auto at = moment * std::size_t{layout::site_capacity} + number;
  if (region.count<layout::TypesHeader>(SectionId::type_header) == 0 ||
      at >= region.count<layout::TypedSite>(SectionId::typed_sites))
    return {};
  const auto moments = region.get<layout::TypesHeader>(SectionId::type_header, 0)->moments.load();
  const auto typed = region.get<layout::TypedSite>(SectionId::typed_sites, at);
  return (moments >> moment & 1) == 0 ? TypedBlocks{} : TypedBlocks{typed->blocks, typed->bytes};
}

RegionSite to_site(const RegionFile& region, const layout::Site& site, std::size_t number, std::size_t checkpoints,
                   const std::vector<RegionModule>& modules) {
  RegionSite to;
  to.kind = kind_of(site.kind);
  to.is_complete = site.end == layout::StackEnd::complete;
  add_frames(region, site, modules, to);
  add_counters(region, number, to);
  add_history(region, number, checkpoints, to);
  to.typed_at_baseline = typed_blocks(region, number, layout::TypedMoment::baseline);
  to.typed_at_final = typed_blocks(region, number, layout::TypedMoment::final);
  to.typed_at_end = typed_blocks(region, number, layout::TypedMoment::ended);
  return to;
}

std::vector<RegionSite> sites_in(const RegionFile& region, const layout::SitesHeader& header,
                                 const std::vector<RegionModule>& modules) {
  std::vector<RegionSite> sites;
  const auto count = std::min<std::size_t>(header.site_count.load(), region.count<layout::Site>(SectionId::sites));
  const auto checkpoints = std::min<std::size_t>(header.site_checkpoint_count.load(),
                                                 region.count<layout::SiteCheckpoint>(SectionId::site_checkpoints));
  for (std::size_t number = layout::unknown_site; number < count; ++number) {
    const auto site = region.get<layout::Site>(SectionId::sites, number);
    if (site->is_ready.load() != 0) sites.push_back(to_site(region, *site, number, checkpoints, modules));
  }
  return sites;
}

using layout::ReadingKind;

std::string name_at(const RegionFile& region, std::size_t offset) {
  std::string name;
  for (const auto size = region.count<char>(SectionId::type_names); offset < size; ++offset) {
    char letter = '\0';
    region.read(letter, SectionId::type_names, offset);
    if (letter == '\0') break;
    name += letter;
  }
  return name;
}

/// Where all live blocks were looked at, a type of which none was found had none; a class that counts itself had none
/// before it was there.
bool is_counted_at(layout::TypeSource source, ReadingKind kind) {
  return source == layout::TypeSource::counted || kind == ReadingKind::baseline || kind == ReadingKind::final ||
         kind == ReadingKind::ended;
}

record::LivePoint point_at(const RegionFile& region, std::size_t checkpoint, std::size_t type) {
  const auto reading = region.get<layout::TypeCheckpoint>(SectionId::type_checkpoints, checkpoint);
  const auto at = checkpoint * region.count<layout::TypeEntry>(SectionId::types) + type;
  record::LivePoint point{reading->iteration, 0, 0};
  if (type >= reading->type_count || at >= region.count<layout::TypePoint>(SectionId::type_points)) return point;
  const auto counted = region.get<layout::TypePoint>(SectionId::type_points, at);
  point.bytes = counted->bytes;
  point.count = counted->count;
  return point;
}

RegionType to_type(const RegionFile& region, std::size_t number, std::size_t checkpoints) {
  const auto entry = region.get<layout::TypeEntry>(SectionId::types, number);
  RegionType type;
  type.name = name_at(region, entry->name_offset);
  type.source =
      entry->source == layout::TypeSource::vtable ? record::TypeSource::vtable : record::TypeSource::counted;
  for (std::size_t i = 0; i < checkpoints; ++i) {
    const auto reading = region.get<layout::TypeCheckpoint>(SectionId::type_checkpoints, i);
    if (is_counted_at(entry->source, reading->kind)) type.history.push_back(point_at(region, i, number));
  }
  return type;
}

}  // namespace

std::optional<RegionSites> read_region_sites(const std::filesystem::path& file) {
  const auto region = RegionFile::load(file);
  if (region == nullptr || region->count<layout::SitesHeader>(SectionId::site_header) == 0) return std::nullopt;
  const auto header = region->get<layout::SitesHeader>(SectionId::site_header, 0);
  RegionSites contents;
  contents.unavailable = text_of(header->unavailable);
  contents.foreign_frees = region->header().foreign_frees.load();
  contents.overflowed_allocations = header->site_overflows.load() + header->shadow_failures.load();
  for (const auto& overflows : header->resource_overflows) contents.overflowed_resources += overflows.load();
  contents.modules = modules_in(*region, header->module_count.load());
  contents.sites = sites_in(*region, *header, contents.modules);
  return contents;
}

RegionTypes read_region_types(const std::filesystem::path& file) {
  const auto region = RegionFile::load(file);
  if (region == nullptr || region->count<layout::TypesHeader>(SectionId::type_header) == 0) return {};
  const auto header = region->get<layout::TypesHeader>(SectionId::type_header, 0);
  const auto count =
      std::min<std::size_t>(header->type_count.load(), region->count<layout::TypeEntry>(SectionId::types));
  const auto checkpoints = std::min<std::size_t>(header->checkpoint_count.load(),
                                                 region->count<layout::TypeCheckpoint>(SectionId::type_checkpoints));
  RegionTypes read{text_of(header->vtables_unavailable), header->overflows.load(), {}};
  for (std::size_t i = 0; i < count; ++i) read.types.push_back(to_type(*region, i, checkpoints));
  return read;
}

}  // namespace soak::region
