// Call sites of a program that takes no readings of its own: what each held at the moments when it was looked at.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "region/region_sites.hpp"

namespace soak::run {

class SiteSamples {
 public:
  explicit SiteSamples(std::filesystem::path region) : region_(std::move(region)) {}

  /// Reads the region of the running program.
  void take(std::int64_t iteration);
  /// As of the last sample, with a point in its history for each. Empty where there never were any sites.
  [[nodiscard]] std::optional<region::RegionSites> sites() const;

 private:
  using Key = std::vector<std::uint64_t>;  ///< The frames of a site tell it from all others of its kind.
  static Key key_of(const region::RegionSite& site);

  std::filesystem::path region_;
  std::vector<std::int64_t> iterations_;
  std::map<Key, std::map<std::int64_t, region::SitePoint>> points_;
  std::optional<region::RegionSites> last_;
};

/// Of a program that ended: what each site held when main began, at iteration 0, and when it ended.
[[nodiscard]] std::optional<region::RegionSites> sites_at_ends(const std::filesystem::path& region,
                                                               std::int64_t iterations);

}  // namespace soak::run
