#include "app/region_json.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "app/output.hpp"
#include "base/user_error.hpp"
#include "record/record_file.hpp"
#include "region/layout/region_layout.hpp"
#include "region/region_reader.hpp"
#include "region/region_sites.hpp"
#include "run/attribution.hpp"

namespace soak::app {
namespace {

using Json = nlohmann::ordered_json;

struct Live {
  std::int64_t bytes = 0, blocks = 0;
};

std::vector<run::ResolvedSite> most_alive_first(const region::RegionSites& sites) {
  auto resolved = run::resolve_sites(sites, [](const auto&) { return true; });
  std::ranges::stable_sort(resolved, std::greater(), [](const auto& one) { return one.counted->live_bytes; });
  return resolved;
}

template <typename Place>
Json place_json(const Place& place) {
  return {{"function", place.function},
          {"file", place.file.empty() ? Json() : Json(place.file)},
          {"line", place.line == 0 ? Json() : Json(place.line)}};
}

Json frame_json(const record::Frame& frame) {
  auto json = place_json(frame);
  json["module"] = frame.module;
  json["inlined"] = frame.is_inlined;
  return json;
}

/// The reading at the program's end, after the loop, has none.
Json iteration_json(std::int64_t iteration) { return iteration == layout::absent ? Json() : Json(iteration); }

Json history_json(const region::RegionSite& site) {
  auto json = Json::array();
  for (const auto& point : site.history)
    json.push_back(
        {{"iteration", iteration_json(point.iteration)}, {"live_bytes", point.bytes}, {"live_blocks", point.blocks}});
  return json;
}

Json site_json(const run::ResolvedSite& resolved) {
  const auto& [counted, site] = resolved;
  auto json = place_json(site);
  json["kind"] = record::to_string(site.kind);
  json["type"] = site.type.empty() ? Json() : Json(site.type);
  json["live_bytes"] = counted->live_bytes;
  json["live_requested_bytes"] = counted->live_requested_bytes;
  json["live_blocks"] = counted->live_blocks;
  json["total_bytes"] = counted->total_bytes;
  json["total_blocks"] = counted->total_blocks;
  json["stack_complete"] = counted->is_complete;
  json["stack"] = Json::array();
  for (const auto& frame : site.stack) json["stack"].push_back(frame_json(frame));
  json["history"] = history_json(*counted);
  return json;
}

std::vector<record::LiveType> types_of(const std::vector<run::ResolvedSite>& sites,
                                       const std::vector<region::RegionType>& types) {
  auto all = run::named_types(types, run::ProgramEnd::included);
  std::ranges::move(run::types_by_frames(sites, run::ProgramEnd::included), std::back_inserter(all));
  std::ranges::stable_sort(all, std::greater(), [](const auto& type) { return type.history.back().bytes; });
  return all;
}

Json type_json(const record::LiveType& type) {
  Json json = {{"name", type.name},
               {"source", record::to_string(type.source)},
               {"count", type.history.back().count},
               {"bytes", type.history.back().bytes},
               {"history", Json::array()}};
  for (const auto& point : type.history)
    json["history"].push_back(
        {{"iteration", iteration_json(point.iteration)}, {"count", point.count}, {"bytes", point.bytes}});
  return json;
}

Json unattributed_json(const region::RegionSites& sites) {
  std::map<record::SiteKind, Live> live;
  for (const auto& site : sites.sites) {
    if (!site.frames.empty()) continue;
    live[site.kind].bytes += site.live_bytes;
    live[site.kind].blocks += site.live_blocks;
  }
  using enum record::SiteKind;
  return {{"live_bytes", live[heap].bytes},         {"live_blocks", live[heap].blocks},
          {"descriptors", live[descriptor].blocks}, {"threads", live[thread].blocks},
          {"mappings", live[mapping].blocks},       {"children", live[child].blocks}};
}

Json sites_json(const region::RegionSites& sites, const std::vector<region::RegionType>& types) {
  const auto resolved = most_alive_first(sites);
  Json json = {{"sites", Json::array()}};
  for (const auto& site : resolved) json["sites"].push_back(site_json(site));
  json["unattributed"] = unattributed_json(sites);
  json["types"] = Json::array();
  for (const auto& type : types_of(resolved, types)) json["types"].push_back(type_json(type));
  const auto typed = run::typed_blocks_percent(resolved, run::ProgramEnd::included);
  json["typed_blocks_percent"] = typed ? Json(*typed) : Json();
  return json;
}

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

std::string spelling(region::RegionState state) {
  switch (state) {
    case region::RegionState::running:
      return "running";
    case region::RegionState::ended:
      return "ended";
    default:
      return "none";
  }
}

/// Null where not counted, never 0.
void add_heap(Json& json, const std::optional<region::HeapTotals>& heap) {
  const auto figure = [&heap](auto member) { return heap ? Json((*heap).*member) : Json(); };
  json["heap_bytes"] = figure(&region::HeapTotals::bytes);
  json["heap_blocks"] = figure(&region::HeapTotals::blocks);
  json["allocations"] = figure(&region::HeapTotals::allocations);
  json["frees"] = figure(&region::HeapTotals::frees);
  json["heap_peak_bytes"] = figure(&region::HeapTotals::peak_bytes);
}

void add_sites(Json& json, const std::optional<region::RegionSites>& sites, const region::RegionTypes& types) {
  json.update(sites_json(sites.value_or(region::RegionSites()), types.types));
  if (sites && !sites->unavailable.empty()) json["sites_unavailable"] = sites->unavailable;
  if (sites) json["foreign_frees"] = sites->foreign_frees;
  if (sites) json["overflowed_allocations"] = sites->overflowed_allocations;
  if (sites) json["overflowed_resources"] = sites->overflowed_resources;
  json["overflowed_types"] = types.overflows;
  if (!types.vtables_unavailable.empty()) json["vtables_unavailable"] = types.vtables_unavailable;
}

Json region_json(const region::RegionContents& region) {
  Json json;
  json["state"] = spelling(region.state);
  json["mode"] = region.mode;
  json["allocator"] = region.allocator;
  add_heap(json, region.heap);
  if (!region.heap_unavailable.empty()) json["heap_unavailable"] = region.heap_unavailable;
  json["open_files"] = or_null(region.open_files);
  if (region.heap_at_end) add_heap(json["at_end"], region.heap_at_end);
  return json;
}

}  // namespace

int print_region(const std::filesystem::path& file) {
  const auto region = region::read_region(file);
  if (!region)
    throw UserError(file.string() +
                    ": no region of this version; LD_PRELOAD=libsoak_probe.so SOAK_REGION=FILE PROGRAM leaves one");
  auto json = region_json(*region);
  add_sites(json, region::read_region_sites(file), region::read_region_types(file));
  return print_with_status(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace soak::app
