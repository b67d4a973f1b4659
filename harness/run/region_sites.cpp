#include "run/region_sites.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>

#include "probe/sites/region_layout.hpp"

namespace soak::run {
namespace {

using probe::SectionId;

/// The file's bytes, and the entries of its sections that lie wholly inside.
class Region {
 public:
  static std::unique_ptr<Region> load(const std::filesystem::path& file) {
    auto region = std::make_unique<Region>();
    std::ifstream stream(file, std::ios::binary);
    region->bytes_.assign(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
    if (region->bytes_.size() < sizeof(probe::RegionHeader)) return nullptr;
    std::memcpy(static_cast<void*>(&region->header_), region->bytes_.data(), sizeof(probe::RegionHeader));
    const auto& header = region->header_;
    return header.magic == probe::region_magic && header.version == probe::region_version ? std::move(region)
                                                                                          : nullptr;
  }

  /// As many as the section has room for and the file goes.
  template <typename Entry>
  [[nodiscard]] std::size_t count(SectionId id) const {
    const auto& section = header_.sections[static_cast<std::size_t>(id)];
    if (section.entry_bytes != sizeof(Entry) || section.offset > bytes_.size()) return 0;
    return std::min<std::size_t>(section.capacity, (bytes_.size() - section.offset) / sizeof(Entry));
  }
  /// Precondition: index < count<Entry>(id).
  template <typename Entry>
  [[nodiscard]] std::unique_ptr<Entry> get(SectionId id, std::size_t index) const {
    auto entry = std::make_unique<Entry>();
    read(*entry, id, index);
    return entry;
  }
  template <typename Entry>
  void read(Entry& entry, SectionId id, std::size_t index) const {
    const auto& section = header_.sections[static_cast<std::size_t>(id)];
    std::memcpy(static_cast<void*>(&entry), bytes_.data() + section.offset + index * sizeof(Entry), sizeof(Entry));
  }

 private:
  std::vector<char> bytes_;
  probe::RegionHeader header_;
};

template <std::size_t size>
std::string text_of(const char (&text)[size]) {
  return {text, strnlen(text, size)};
}

RegionModule to_module(const probe::ModuleEntry& entry) {
  RegionModule module;
  module.path = text_of(entry.path);
  const auto bytes = std::min<std::size_t>(entry.build_id_bytes, sizeof(entry.build_id));
  for (std::size_t i = 0; i < bytes; ++i) module.build_id += fmt::format("{:02x}", entry.build_id[i]);
  module.begin = entry.begin;
  module.end = entry.end;
  module.load_bias = entry.load_bias;
  return module;
}

std::vector<RegionModule> modules_in(const Region& region, std::size_t known) {
  std::vector<RegionModule> modules;
  const auto count = std::min(known, region.count<probe::ModuleEntry>(SectionId::modules));
  for (std::size_t i = 0; i < count; ++i)
    modules.push_back(to_module(*region.get<probe::ModuleEntry>(SectionId::modules, i)));
  return modules;
}

bool is_probe(const RegionModule& module) {
  return std::filesystem::path(module.path).filename().string().starts_with("libsoak_probe");
}

void add_frames(const Region& region, const probe::Site& site, const std::vector<RegionModule>& modules,
                RegionSite& to) {
  const auto room = region.count<std::uint64_t>(SectionId::frames);
  const auto first = std::min<std::size_t>(site.first_frame, room);
  const auto count = std::min<std::size_t>(site.frame_count, room - first);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t frame = 0;
    region.read(frame, SectionId::frames, first + i);
    const auto number = frame >> probe::frame_address_bits;
    const auto module = static_cast<std::uint32_t>(number < modules.size() ? number : 0);
    // operator new and the wrapper of main are the probe's: nobody's call site.
    if (module != 0 && is_probe(modules[module])) continue;
    to.frames.push_back(frame & probe::frame_address_mask);
    to.frame_modules.push_back(module);
  }
}

void add_counters(const Region& region, std::size_t number, RegionSite& to) {
  const auto count = region.count<probe::SiteCounters>(SectionId::site_counters);
  for (auto i = number; i < count; i += probe::site_capacity) {
    probe::SiteCounters counters;
    region.read(counters, SectionId::site_counters, i);
    to.total_bytes += counters.allocated_bytes;
    to.total_blocks += counters.allocations;
    to.live_bytes += counters.allocated_bytes - counters.freed_bytes;
    to.live_blocks += counters.allocations - counters.frees;
    to.live_requested_bytes += counters.allocated_bytes - counters.freed_bytes - counters.live_slack_bytes;
  }
}

void add_history(const Region& region, std::size_t number, std::size_t checkpoints, RegionSite& to) {
  const auto room = region.count<probe::SitePoint>(SectionId::site_history);
  for (std::size_t i = 0; i < checkpoints; ++i) {
    const auto checkpoint = region.get<probe::SiteCheckpoint>(SectionId::site_checkpoints, i);
    const auto at = i * probe::site_capacity + number;
    probe::SitePoint point;
    // A site younger than the checkpoint had nothing then.
    if (number < checkpoint->site_count && at < room) region.read(point, SectionId::site_history, at);
    to.history.push_back({checkpoint->iteration, point.live_bytes, point.live_blocks, point.live_requested_bytes});
  }
}

record::SiteKind kind_of(probe::SiteKind kind) {
  switch (kind) {
    case probe::SiteKind::descriptor:
      return record::SiteKind::descriptor;
    case probe::SiteKind::thread:
      return record::SiteKind::thread;
    case probe::SiteKind::mapping:
      return record::SiteKind::mapping;
    case probe::SiteKind::child:
      return record::SiteKind::child;
    default:
      return record::SiteKind::heap;
  }
}

RegionSite to_site(const Region& region, const probe::Site& site, std::size_t number, std::size_t checkpoints,
                   const std::vector<RegionModule>& modules) {
  RegionSite to;
  to.kind = kind_of(site.kind);
  to.is_complete = site.end == probe::StackEnd::complete;
  add_frames(region, site, modules, to);
  add_counters(region, number, to);
  add_history(region, number, checkpoints, to);
  return to;
}

std::vector<RegionSite> sites_in(const Region& region, const probe::SitesHeader& header,
                                 const std::vector<RegionModule>& modules) {
  std::vector<RegionSite> sites;
  const auto count = std::min<std::size_t>(header.site_count.load(), region.count<probe::Site>(SectionId::sites));
  const auto checkpoints = std::min<std::size_t>(header.site_checkpoint_count.load(),
                                                 region.count<probe::SiteCheckpoint>(SectionId::site_checkpoints));
  for (std::size_t number = probe::unknown_site; number < count; ++number) {
    const auto site = region.get<probe::Site>(SectionId::sites, number);
    if (site->is_ready.load() != 0) sites.push_back(to_site(region, *site, number, checkpoints, modules));
  }
  return sites;
}

}  // namespace

std::optional<RegionSites> read_region_sites(const std::filesystem::path& file) {
  const auto region = Region::load(file);
  if (region == nullptr || region->count<probe::SitesHeader>(SectionId::site_header) == 0) return std::nullopt;
  const auto header = region->get<probe::SitesHeader>(SectionId::site_header, 0);
  RegionSites contents;
  contents.unavailable = text_of(header->unavailable);
  contents.overflowed_allocations = header->site_overflows.load();
  for (const auto& overflows : header->resource_overflows) contents.overflowed_resources += overflows.load();
  contents.modules = modules_in(*region, header->module_count.load());
  contents.sites = sites_in(*region, *header, contents.modules);
  return contents;
}

}  // namespace soak::run
