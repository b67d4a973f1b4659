#include "run/attribution.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

#include "region/layout/region_layout.hpp"
#include "symbols/frame.hpp"
#include "symbols/resolver.hpp"

namespace soak::run {
namespace {

std::vector<symbols::Module> modules_of(const region::RegionSites& sites) {
  std::vector<symbols::Module> modules;
  for (const auto& module : sites.modules)
    modules.push_back({module.path, module.build_id, module.begin, module.end, module.load_bias});
  return modules;
}

std::vector<symbols::Frame> stack_of(const region::RegionSite& site, symbols::Resolver& resolver) {
  std::vector<symbols::Frame> stack;
  for (std::size_t i = 0; i < site.frames.size(); ++i) {
    const auto& frames = resolver.frames_at(site.frames[i], site.frame_modules[i]);
    stack.insert(stack.end(), frames.begin(), frames.end());
  }
  return stack;
}

record::CallSite call_site_of(const region::RegionSite& counted, symbols::Resolver& resolver) {
  const auto stack = stack_of(counted, resolver);
  const auto& shown = stack[symbols::pick_the_line(stack)];
  record::CallSite site;
  site.kind = counted.kind;
  site.function = shown.function;
  site.file = shown.file;
  site.line = shown.line;
  if (site.kind == record::SiteKind::heap) site.type = symbols::allocated_type(stack).value_or("");
  for (const auto& frame : stack)
    site.stack.push_back({frame.function, frame.file, frame.line, frame.module, frame.is_inlined});
  site.is_stack_complete = counted.is_complete;
  site.total_bytes = counted.total_bytes;
  site.total_count = counted.total_blocks;
  site.history = loop_history(counted);
  return site;
}

using record::LivePoint;
using record::LiveType;
using record::TypeSource;

/// Two classes of one short name were counted at the same readings, if not by the same means.
using ByName = std::map<std::pair<std::string, TypeSource>, std::vector<LivePoint>>;

void add(std::vector<LivePoint>& sum, const std::vector<LivePoint>& history) {
  if (sum.empty()) sum.resize(history.size());
  for (std::size_t i = 0; i < std::min(sum.size(), history.size()); ++i) {
    sum[i].iteration = history[i].iteration;
    sum[i].bytes += history[i].bytes;
    sum[i].count += history[i].count;
  }
}

std::vector<LiveType> types_of(ByName&& histories) {
  std::vector<LiveType> types;
  for (auto& [key, history] : histories) types.push_back({key.first, key.second, std::move(history)});
  return types;
}

std::vector<LivePoint> wanted(std::vector<LivePoint> history, ProgramEnd end) {
  if (end == ProgramEnd::left_out)
    std::erase_if(history, [](const auto& point) { return point.iteration == layout::absent; });
  return history;
}

/// Alive when the program ended; or, where it did not, when it was last seen.
LivePoint at_the_end(const region::RegionSite& site) {
  if (!site.history.empty() && site.history.back().iteration == layout::absent)
    return {layout::absent, site.history.back().bytes, site.history.back().blocks};
  return {layout::absent, site.live_bytes, site.live_blocks};
}

LivePoint without(const LivePoint& point, const region::TypedBlocks& typed) {
  return {point.iteration, std::max<std::int64_t>(point.bytes - typed.bytes, 0),
          std::max<std::int64_t>(point.count - typed.blocks, 0)};
}

/// The last of the points that untyped_at() gives.
struct LastReading {
  LivePoint alive;
  region::TypedBlocks typed;
};
LastReading last_reading(const ResolvedSite& resolved, ProgramEnd end) {
  if (end == ProgramEnd::included) return {at_the_end(*resolved.counted), resolved.counted->typed_at_end};
  return {resolved.site.history.back(), resolved.counted->typed_at_final};
}

std::vector<LivePoint> untyped_at(const ResolvedSite& resolved, ProgramEnd end) {
  const auto& [counted, site] = resolved;
  std::vector<LivePoint> points;
  if (!site.history.empty()) {
    points.push_back(without(site.history.front(), counted->typed_at_baseline));
    points.push_back(without(site.history.back(), counted->typed_at_final));
  }
  if (end == ProgramEnd::included) points.push_back(without(at_the_end(*counted), counted->typed_at_end));
  return points;
}

bool was_alive(const std::vector<LivePoint>& history) {
  return std::ranges::any_of(history, [](const auto& point) { return point.count > 0; });
}

std::tuple<std::int64_t, std::int64_t, std::int64_t> growth_of(const LiveType& type) {
  const auto &first = type.history.front(), &last = type.history.back();
  return {last.count - first.count, last.bytes - first.bytes, last.count};
}

/// Most of what is alive was made before the loop and never changes: the largest of it will do.
constexpr std::size_t most_constant_sites = 50;

bool site_was_alive(const region::RegionSite& site) {
  return std::ranges::any_of(loop_history(site),
                             [](const auto& point) { return point.bytes > 0 || point.count > 0; });
}

const record::LivePoint& last_point(const record::CallSite& site) { return site.history.back(); }

std::tuple<std::int64_t, std::int64_t, std::int64_t> site_growth(const record::CallSite& site) {
  const auto &first = site.history.front(), &last = site.history.back();
  return {last.bytes - first.bytes, last.count - first.count, last.bytes};
}

// By growth, the kinds taking turns: descriptors have no bytes, and would all stand behind the heap's sites.
void sort_by_growth(std::vector<record::CallSite>& sites) {
  std::ranges::stable_sort(sites, std::greater{}, site_growth);
  std::map<record::SiteKind, std::size_t> seen;
  std::vector<std::pair<std::size_t, record::CallSite>> placed;
  placed.reserve(sites.size());
  for (auto& site : sites) placed.emplace_back(seen[site.kind]++, std::move(site));
  std::ranges::stable_sort(placed, {}, &std::pair<std::size_t, record::CallSite>::first);
  std::ranges::transform(placed, sites.begin(), [](auto& one) { return std::move(one.second); });
}

void take_unattributed(const region::RegionSites& sites, record::Attribution& attribution) {
  for (const auto& site : sites.sites) {
    if (!site.frames.empty() || site.kind != record::SiteKind::heap) continue;
    attribution.unattributed_live_bytes += site.live_bytes;
    attribution.unattributed_live_blocks += site.live_blocks;
  }
}

bool is_constant(const record::CallSite& site) {
  return std::ranges::adjacent_find(site.history, std::not_equal_to{}, [](const auto& point) {
           return std::pair(point.bytes, point.count);
         }) == site.history.end();
}

void sum_up_beyond(std::size_t most_sites, record::Attribution& attribution) {
  std::vector<record::CallSite> kept;
  std::size_t constants = 0;
  for (auto& site : attribution.sites) {
    const bool is_one_too_many = is_constant(site) && ++constants > most_constant_sites;
    if (kept.size() < most_sites && !is_one_too_many) {
      kept.push_back(std::move(site));
      continue;
    }
    ++attribution.omitted_sites;
    if (site.kind != record::SiteKind::heap) continue;
    attribution.omitted_live_bytes += last_point(site).bytes;
    attribution.omitted_live_blocks += last_point(site).count;
  }
  attribution.sites = std::move(kept);
}

record::Attribution attribution_of(std::vector<ResolvedSite> resolved, const region::RegionSites& sites,
                                   std::size_t most_sites) {
  record::Attribution attribution;
  attribution.unavailable = sites.unavailable;
  attribution.overflowed_allocations = sites.overflowed_allocations;
  attribution.typed_blocks_percent = typed_blocks_percent(resolved, ProgramEnd::left_out);
  for (auto& one : resolved) attribution.sites.push_back(std::move(one.site));
  sort_by_growth(attribution.sites);
  take_unattributed(sites, attribution);
  sum_up_beyond(most_sites, attribution);
  return attribution;
}

}  // namespace

std::vector<record::LivePoint> loop_history(const region::RegionSite& site) {
  const bool is_heap = site.kind == record::SiteKind::heap;
  std::vector<record::LivePoint> history;
  for (const auto& point : site.history)
    if (point.iteration != layout::absent)
      history.push_back({point.iteration, point.bytes, point.blocks,
                         is_heap ? std::optional(point.requested_bytes) : std::nullopt});
  return history;
}

std::vector<ResolvedSite> resolve_sites(const region::RegionSites& sites,
                                        const std::function<bool(const region::RegionSite&)>& wanted) {
  symbols::Resolver resolver(modules_of(sites));
  std::vector<ResolvedSite> resolved;
  for (const auto& site : sites.sites)
    if (!site.frames.empty() && wanted(site)) resolved.push_back({&site, call_site_of(site, resolver)});
  return resolved;
}

std::vector<LiveType> named_types(const std::vector<region::RegionType>& types, ProgramEnd end) {
  ByName histories;
  for (const auto& type : types)
    if (const auto history = wanted(type.history, end); !history.empty())
      add(histories[{symbols::object_type(type.name), type.source}], history);
  return types_of(std::move(histories));
}

std::vector<LiveType> types_by_frames(const std::vector<ResolvedSite>& sites, ProgramEnd end) {
  ByName histories;
  for (const auto& resolved : sites) {
    const auto points = untyped_at(resolved, end);
    if (!resolved.site.type.empty() && was_alive(points))
      add(histories[{resolved.site.type, TypeSource::frames}], points);
  }
  return types_of(std::move(histories));
}

std::optional<double> typed_blocks_percent(const std::vector<ResolvedSite>& sites, ProgramEnd end) {
  std::int64_t blocks = 0, typed = 0;
  for (const auto& resolved : sites) {
    if (resolved.site.kind != record::SiteKind::heap) continue;
    if (end == ProgramEnd::left_out && resolved.site.history.empty()) continue;
    const auto last = last_reading(resolved, end);
    blocks += last.alive.count;
    typed += resolved.site.type.empty() ? last.typed.blocks : last.alive.count;
  }
  if (blocks <= 0) return {};
  return 100.0 * static_cast<double>(typed) / static_cast<double>(blocks);
}

void keep_most_grown(std::vector<LiveType>& types) {
  std::erase_if(types, [](const auto& type) { return type.history.empty(); });
  std::ranges::stable_sort(types, std::greater{}, growth_of);
  if (types.size() > most_types) types.resize(most_types);
}

record::Attribution attribution_of(const region::RegionSites& sites, std::size_t most_sites) {
  return attribution_of(resolve_sites(sites, site_was_alive), sites, most_sites);
}

void take_attribution(record::Repetition& repetition, const std::filesystem::path& region, std::size_t most_sites) {
  const auto sites = region::read_region_sites(region);
  if (!sites) {
    repetition.attribution.emplace().unavailable =
        "the process left no call sites: it ended before its probe began, or has none";
    return;
  }
  auto resolved = resolve_sites(*sites, site_was_alive);
  std::ranges::move(types_by_frames(resolved, ProgramEnd::left_out), std::back_inserter(repetition.types));
  keep_most_grown(repetition.types);
  repetition.attribution = attribution_of(std::move(resolved), *sites, most_sites);
}

}  // namespace soak::run
