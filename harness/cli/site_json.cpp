#include "cli/site_json.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "probe/region.hpp"
#include "record/record_file.hpp"
#include "symbols/allocated_type.hpp"
#include "symbols/pick_the_line.hpp"
#include "symbols/resolver.hpp"

namespace soak::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Live {
  std::int64_t bytes = 0, blocks = 0;
};

struct ResolvedSite {
  const run::RegionSite* site = nullptr;
  std::vector<symbols::Frame> stack;
  std::optional<std::string> type;
};

std::vector<symbols::Module> modules_of(const run::RegionSites& sites) {
  std::vector<symbols::Module> modules;
  for (const auto& module : sites.modules)
    modules.push_back({module.path, module.build_id, module.begin, module.end, module.load_bias});
  return modules;
}

ResolvedSite resolve(const run::RegionSite& site, symbols::Resolver& resolver) {
  ResolvedSite resolved{&site, {}, {}};
  for (std::size_t i = 0; i < site.frames.size(); ++i) {
    const auto& frames = resolver.frames_at(site.frames[i], site.frame_modules[i]);
    resolved.stack.insert(resolved.stack.end(), frames.begin(), frames.end());
  }
  if (site.kind == record::SiteKind::heap) resolved.type = symbols::allocated_type(resolved.stack);
  return resolved;
}

std::vector<ResolvedSite> resolve_all(const run::RegionSites& sites) {
  symbols::Resolver resolver(modules_of(sites));
  std::vector<ResolvedSite> resolved;
  for (const auto& site : sites.sites)
    if (!site.frames.empty()) resolved.push_back(resolve(site, resolver));
  std::ranges::stable_sort(resolved, std::greater(), [](const auto& one) { return one.site->live_bytes; });
  return resolved;
}

Json place_json(const symbols::Frame& frame) {
  return {{"function", frame.function},
          {"file", frame.file.empty() ? Json() : Json(frame.file)},
          {"line", frame.line == 0 ? Json() : Json(frame.line)}};
}

Json frame_json(const symbols::Frame& frame) {
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

Json site_json(const ResolvedSite& resolved) {
  const auto& site = *resolved.site;
  auto json = place_json(resolved.stack[symbols::pick_the_line(resolved.stack)]);
  json["kind"] = record::to_string(site.kind);
  json["type"] = resolved.type ? Json(*resolved.type) : Json();
  json["live_bytes"] = site.live_bytes;
  json["live_requested_bytes"] = site.live_requested_bytes;
  json["live_blocks"] = site.live_blocks;
  json["total_bytes"] = site.total_bytes;
  json["total_blocks"] = site.total_blocks;
  json["stack_complete"] = site.is_complete;
  json["stack"] = Json::array();
  for (const auto& frame : resolved.stack) json["stack"].push_back(frame_json(frame));
  json["history"] = history_json(site);
  return json;
}

Json types_json(const std::vector<ResolvedSite>& sites) {
  std::map<std::string, Live> by_type;
  for (const auto& [site, stack, type] : sites) {
    if (!type || site->live_blocks == 0) continue;
    by_type[*type].bytes += site->live_bytes;
    by_type[*type].blocks += site->live_blocks;
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
  const auto resolved = resolve_all(sites);
  Json json = {{"sites", Json::array()}};
  for (const auto& site : resolved) json["sites"].push_back(site_json(site));
  json["unattributed"] = unattributed_json(sites);
  json["types"] = types_json(resolved);
  json["typed_blocks_percent"] = typed_percent(sites, json["types"]);
  return json;
}

}  // namespace soak::cli
