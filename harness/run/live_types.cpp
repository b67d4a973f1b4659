#include "run/live_types.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

#include "region/layout/region_layout.hpp"
#include "symbols/allocated_type.hpp"

namespace soak::run {
namespace {

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

}  // namespace

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

}  // namespace soak::run
