#include "run/attribution.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <tuple>

#include "run/live_types.hpp"
#include "run/resolve_sites.hpp"

namespace soak::run {
namespace {

/// Most of what is alive was made before the loop and never changes: the largest of it will do.
constexpr std::size_t most_constant_sites = 50;

bool was_alive(const region::RegionSite& site) {
  return std::ranges::any_of(loop_history(site),
                             [](const auto& point) { return point.bytes > 0 || point.count > 0; });
}

const record::LivePoint& at_the_end(const record::CallSite& site) { return site.history.back(); }

std::tuple<std::int64_t, std::int64_t, std::int64_t> growth_of(const record::CallSite& site) {
  const auto &first = site.history.front(), &last = site.history.back();
  return {last.bytes - first.bytes, last.count - first.count, last.bytes};
}

// By growth, the kinds taking turns: descriptors have no bytes, and would all stand behind the heap's sites.
void sort_by_growth(std::vector<record::CallSite>& sites) {
  std::ranges::stable_sort(sites, std::greater{}, growth_of);
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
    attribution.omitted_live_bytes += at_the_end(site).bytes;
    attribution.omitted_live_blocks += at_the_end(site).count;
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

record::Attribution attribution_of(const region::RegionSites& sites, std::size_t most_sites) {
  return attribution_of(resolve_sites(sites, was_alive), sites, most_sites);
}

void take_attribution(record::Repetition& repetition, const std::filesystem::path& region, std::size_t most_sites) {
  const auto sites = region::read_region_sites(region);
  if (!sites) {
    repetition.attribution.emplace().unavailable =
        "the process left no call sites: it ended before its probe began, or has none";
    return;
  }
  auto resolved = resolve_sites(*sites, was_alive);
  std::ranges::move(types_by_frames(resolved, ProgramEnd::left_out), std::back_inserter(repetition.types));
  keep_most_grown(repetition.types);
  repetition.attribution = attribution_of(std::move(resolved), *sites, most_sites);
}

}  // namespace soak::run
