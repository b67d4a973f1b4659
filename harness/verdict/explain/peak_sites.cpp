#include "verdict/explain/peak_sites.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "verdict/explain/site_groups.hpp"

namespace soak::verdict {
namespace {

using record::LivePoint;

/// What all sites together held above the baseline, by iteration.
std::map<std::int64_t, double> growth_by_iteration(const std::vector<SiteGroup>& groups) {
  std::map<std::int64_t, double> growth;
  for (const auto& group : groups)
    for (const auto& point : group.history)
      growth[point.iteration] += static_cast<double>(point.bytes - group.history.front().bytes);
  return growth;
}

std::optional<SiteGrowth> alive_at(std::int64_t iteration, const SiteGroup& group, double all) {
  const auto at = std::ranges::find(group.history, iteration, &LivePoint::iteration);
  if (at == group.history.end() || at->bytes <= group.history.front().bytes) return {};
  SiteGrowth alive;
  alive.site = *group.stacks.front();
  alive.site.history.assign(group.history.begin(), at + 1);
  alive.stack_count = static_cast<std::int64_t>(group.stacks.size());
  alive.share = std::min(1.0, static_cast<double>(at->bytes - group.history.front().bytes) / all);
  return alive;
}

}  // namespace

std::optional<AliveAtPeak> alive_at_peak(const record::Repetition& run) {
  if (!run.attribution) return {};
  auto groups = group_sites(run.attribution->sites, record::SiteKind::heap);
  std::erase_if(groups, [](const SiteGroup& group) { return group.history.empty(); });
  const auto growth = growth_by_iteration(groups);
  const auto peak = std::ranges::max_element(growth, {}, [](const auto& one) { return one.second; });
  if (peak == growth.end() || peak->second <= 0) return {};
  AliveAtPeak alive{peak->first, static_cast<std::int64_t>(peak->second), {}};
  for (const auto& group : groups)
    if (auto site = alive_at(peak->first, group, peak->second)) alive.sites.push_back(*std::move(site));
  std::ranges::stable_sort(alive.sites, std::greater{}, &SiteGrowth::share);
  return alive;
}

}  // namespace soak::verdict
