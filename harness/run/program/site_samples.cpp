#include "run/program/site_samples.hpp"

#include "region/layout/region_layout.hpp"

namespace soak::run {

SiteSamples::Key SiteSamples::key_of(const region::RegionSite& site) {
  auto key = site.frames;
  key.push_back(static_cast<std::uint64_t>(site.kind));
  return key;
}

void SiteSamples::take(std::int64_t iteration) {
  auto sites = region::read_region_sites(region_);
  if (!sites) return;
  iterations_.push_back(iteration);
  for (const auto& site : sites->sites)
    points_[key_of(site)][iteration] = {iteration, site.live_bytes, site.live_blocks, site.live_requested_bytes};
  last_ = std::move(sites);
}

std::optional<region::RegionSites> SiteSamples::sites() const {
  auto sites = last_;
  if (!sites) return sites;
  for (auto& site : sites->sites) {
    const auto points = points_.find(key_of(site));
    site.history.clear();
    for (const auto iteration : iterations_) {
      const auto point = points->second.find(iteration);
      site.history.push_back(point == points->second.end() ? region::SitePoint{iteration, 0, 0, 0} : point->second);
    }
  }
  return sites;
}

std::optional<region::RegionSites> sites_at_ends(const std::filesystem::path& region, std::int64_t iterations) {
  auto sites = region::read_region_sites(region);
  if (!sites) return sites;
  for (auto& site : sites->sites) {
    std::vector<region::SitePoint> outside_of_loops;
    for (const auto& point : site.history)
      if (point.iteration == layout::absent) outside_of_loops.push_back(point);
    region::SitePoint begin{0, 0, 0, 0},
        end{iterations, site.live_bytes, site.live_blocks, site.live_requested_bytes};
    if (outside_of_loops.size() > 1) begin = outside_of_loops.front();
    if (!outside_of_loops.empty()) end = outside_of_loops.back();
    begin.iteration = 0;
    end.iteration = iterations;
    site.history = {begin, end};
  }
  return sites;
}

}  // namespace soak::run
