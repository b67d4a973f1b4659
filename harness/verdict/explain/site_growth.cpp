#include "verdict/explain/site_growth.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <tuple>

#include "verdict/explain/site_groups.hpp"
#include "verdict/growth_in_run.hpp"

namespace soak::verdict {
namespace {

using record::LivePoint;
using record::SiteKind;

constexpr std::int64_t smallest_cache_bytes = 1024;

bool counts_bytes(SiteKind kind) { return kind == SiteKind::heap || kind == SiteKind::mapping; }

template <typename Figure>
Series series_of(const std::vector<LivePoint>& history, Figure figure) {
  Series series;
  for (const auto& point : history) series.push_back({point.iteration, std::invoke(figure, point)});
  return series;
}

/// Too few readings to tell a shape: what is more at the end has grown.
Growth shape_of_few(const Series& series) {
  Growth shape;
  const auto iterations = series.empty() ? 0 : series.back().iteration - series.front().iteration;
  if (iterations > 0)
    shape.per_iteration = std::max(0.0, static_cast<double>(growth_of(series)) / static_cast<double>(iterations));
  return shape;
}

Growth shape_of(const Series& series) {
  auto shape = growth_in_run(series, Reader::exact);
  if (shape.shape == Shape::unknown) return shape_of_few(series);
  // Readings of a record that was made up may go back in time.
  if (!std::isfinite(shape.per_iteration) || shape.per_iteration < 0) shape.per_iteration = 0;
  return shape;
}

bool grows(const Growth& shape) {
  return goes_on(shape.shape) || (shape.shape == Shape::unknown && shape.per_iteration > 0);
}

/// A group with the shape of what counts of it.
struct Measured {
  SiteGrowth growth;
  Series figure;  ///< Bytes or things.
  bool is_growing = false;
};

double rate_of(const Series& series) {
  const auto shape = shape_of(series);
  return grows(shape) ? shape.per_iteration : 0;
}

/// Told by the bytes that were asked for, which do not drift for blocks that come and go; the rate is of those held.
Growth shape_of(const SiteGroup& group, const Series& figure) {
  const bool has_requested =
      std::ranges::all_of(group.history, [](const auto& p) { return p.requested_bytes.has_value(); });
  if (!has_requested) return shape_of(figure);
  auto shape = shape_of(series_of(group.history, [](const auto& point) { return *point.requested_bytes; }));
  if (const auto held = rate_of(figure); held > 0 && grows(shape)) shape.per_iteration = held;
  return shape;
}

Measured measure(const SiteGroup& group, SiteKind kind) {
  const auto bytes = series_of(group.history, &LivePoint::bytes),
             counts = series_of(group.history, &LivePoint::count);
  Measured measured;
  measured.figure = counts_bytes(kind) ? bytes : counts;
  const auto shape = counts_bytes(kind) ? shape_of(group, bytes) : shape_of(counts);
  measured.is_growing = grows(shape);
  auto& growth = measured.growth;
  growth.site = *group.stacks.front();
  growth.site.history = group.history;
  growth.stack_count = static_cast<std::int64_t>(group.stacks.size());
  growth.shape = shape.shape;
  if (!measured.is_growing) return measured;
  growth.bytes_per_iteration = counts_bytes(kind) ? shape.per_iteration : 0;
  growth.blocks_per_iteration = counts_bytes(kind) ? rate_of(counts) : shape.per_iteration;
  return measured;
}

double counted_rate(const SiteGrowth& growth) {
  return counts_bytes(growth.site.kind) ? growth.bytes_per_iteration : growth.blocks_per_iteration;
}

/// What the process grew by while no site did, an iteration: blocks from before the probe, sites left out of the
/// record.
double unexplained_rate(const record::Repetition& run, Reading total, const std::vector<Measured>& sites) {
  if (sites.empty() || sites.front().figure.size() < 2) return 0;
  const auto& figure = sites.front().figure;
  const auto growth_at = [&](std::int64_t iteration) -> std::optional<std::int64_t> {
    for (const auto& checkpoint : run.checkpoints)
      if (checkpoint.iteration == iteration && checkpoint.*total) return checkpoint.*total;
    return {};
  };
  const auto first = growth_at(figure.front().iteration), last = growth_at(figure.back().iteration);
  const auto iterations = figure.back().iteration - figure.front().iteration;
  if (!first || !last || iterations <= 0) return 0;
  auto unexplained = static_cast<double>(*last - *first);
  for (const auto& site : sites) unexplained -= static_cast<double>(growth_of(site.figure));
  return std::max(0.0, unexplained / static_cast<double>(iterations));
}

using Line = std::tuple<std::string, int, std::string>;
Line line_of(const SiteGrowth& growth) { return {growth.site.file, growth.site.line, growth.site.function}; }

/// The types of a line stay together.
void sort_by_line(std::vector<SiteGrowth>& growing) {
  std::map<Line, double> of_line;
  for (const auto& growth : growing) of_line[line_of(growth)] += growth.share;
  std::ranges::stable_sort(growing, std::greater{}, [&](const SiteGrowth& growth) {
    return std::tuple(of_line[line_of(growth)], line_of(growth), growth.share);
  });
}

std::vector<SiteGrowth> growing_of(const std::vector<Measured>& sites, double unexplained) {
  double all = unexplained;
  for (const auto& site : sites) all += counted_rate(site.growth);
  std::vector<SiteGrowth> growing;
  for (const auto& site : sites) {
    if (!site.is_growing) continue;
    growing.push_back(site.growth);
    growing.back().share = all > 0 ? counted_rate(site.growth) / all : 0;
  }
  sort_by_line(growing);
  return growing;
}

std::vector<SiteGrowth> caches_of(const std::vector<Measured>& sites, SiteKind kind) {
  const auto least = counts_bytes(kind) ? smallest_cache_bytes : 1;
  std::vector<const Measured*> caches;
  for (const auto& site : sites)
    if (site.growth.shape == Shape::stopped && growth_of(site.figure) >= least) caches.push_back(&site);
  std::ranges::stable_sort(caches, std::greater{}, [](const auto* site) { return growth_of(site->figure); });
  std::vector<SiteGrowth> filled;
  for (const auto* cache : caches) filled.push_back(cache->growth);
  return filled;
}

}  // namespace

GrowthBySite growth_by_site(const record::Repetition& run, SiteKind kind, Reading total) {
  if (!run.attribution) return {};
  std::vector<Measured> sites;
  for (const auto& group : group_sites(run.attribution->sites, kind)) sites.push_back(measure(group, kind));
  return {growing_of(sites, unexplained_rate(run, total, sites)), caches_of(sites, kind)};
}

}  // namespace soak::verdict
