#include "cli/site_json.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <string>

#include "probe/region.hpp"
#include "record/record_file.hpp"
#include "run/resolve_sites.hpp"

namespace soak::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Live {
  std::int64_t bytes = 0, blocks = 0;
};

std::vector<run::ResolvedSite> most_alive_first(const run::RegionSites& sites) {
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

/// The reading at the program's end, after the loop, has no iteration.
Json history_json(const run::RegionSite& site) {
  auto json = Json::array();
  for (const auto& point : site.history)
    json.push_back({{"iteration", point.iteration == probe::absent ? Json() : Json(point.iteration)},
                    {"live_bytes", point.bytes},
                    {"live_blocks", point.blocks}});
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

Json types_json(const std::vector<run::ResolvedSite>& sites) {
  std::map<std::string, Live> by_type;
  for (const auto& [counted, site] : sites) {
    if (site.type.empty() || counted->live_blocks == 0) continue;
    by_type[site.type].bytes += counted->live_bytes;
    by_type[site.type].blocks += counted->live_blocks;
  }
  std::vector<std::pair<std::string, Live>> sorted(by_type.begin(), by_type.end());
  std::ranges::stable_sort(sorted, std::greater(), [](const auto& one) { return one.second.bytes; });
  auto json = Json::array();
  for (const auto& [type, live] : sorted)
    json.push_back({{"type", type}, {"live_bytes", live.bytes}, {"live_blocks", live.blocks}});
  return json;
}

Json typed_percent(const run::RegionSites& sites, const Json& types) {
  std::int64_t blocks = 0, typed = 0;
  for (const auto& site : sites.sites)
    if (site.kind == record::SiteKind::heap) blocks += site.live_blocks;
  for (const auto& type : types) typed += type["live_blocks"].get<std::int64_t>();
  return blocks <= 0 ? Json() : Json(100.0 * static_cast<double>(typed) / static_cast<double>(blocks));
}

Json unattributed_json(const run::RegionSites& sites) {
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

}  // namespace

Json sites_json(const run::RegionSites& sites) {
  const auto resolved = most_alive_first(sites);
  Json json = {{"sites", Json::array()}};
  for (const auto& site : resolved) json["sites"].push_back(site_json(site));
  json["unattributed"] = unattributed_json(sites);
  json["types"] = types_json(resolved);
  json["typed_blocks_percent"] = typed_percent(sites, json["types"]);
  return json;
}

}  // namespace soak::cli
