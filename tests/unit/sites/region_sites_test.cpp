// The reader, on this process's own region.
#include "region/region_sites.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "own_sites.hpp"

namespace soak::run {
namespace {

void* block;

__attribute__((noinline, noclone)) void allocate_through_new() { block = new char[1234]; }

const region::RegionSite* site_with(const region::RegionSites& sites, std::int64_t requested_bytes) {
  for (const auto& site : sites.sites)
    if (site.live_requested_bytes == requested_bytes) return &site;
  return nullptr;
}

TEST(ReadRegionSites, GivesStacksCountersAndModules) {
  allocate_through_new();
  const auto sites = region::read_region_sites(std::getenv("SOAK_REGION"));
  delete[] static_cast<char*>(block);
  ASSERT_TRUE(sites);
  EXPECT_EQ(sites->unavailable, "");
  const auto* const site = site_with(*sites, 1234);
  ASSERT_NE(site, nullptr);
  EXPECT_EQ(site->live_blocks, 1);
  EXPECT_EQ(site->total_blocks, 1);
  EXPECT_GE(site->live_bytes, 1234);
  EXPECT_TRUE(site->is_complete);
  ASSERT_EQ(site->frames.size(), site->frame_modules.size());
  ASSERT_GT(site->frames.size(), 3u);
  // operator new is the probe's; the first frame is who called it.
  const auto here = reinterpret_cast<std::uint64_t>(&allocate_through_new);
  EXPECT_GT(site->frames[0], here);
  EXPECT_LT(site->frames[0], here + 100);
  const auto& module = sites->modules[site->frame_modules[0]];
  EXPECT_EQ(module.path, std::filesystem::read_symlink("/proc/self/exe"));
  EXPECT_EQ(module.build_id.size(), 40u);
  EXPECT_LT(site->frames[0] - module.load_bias, module.end - module.begin);
}

TEST(ReadRegionSites, AddsUpToTheProcesssOwnFigures) {
  const auto file = std::string(std::getenv("SOAK_REGION")) + ".copy";
  std::filesystem::copy_file(std::getenv("SOAK_REGION"), file);
  std::filesystem::remove(file);
  const auto before = probe::totals_of_all_sites();
  std::filesystem::copy_file(std::getenv("SOAK_REGION"), file);
  const auto after = probe::totals_of_all_sites();
  const auto sites = region::read_region_sites(file);
  std::filesystem::remove(file);
  ASSERT_TRUE(sites);
  std::int64_t allocations = 0, live_bytes = 0;
  for (const auto& site : sites->sites) {
    if (site.kind != record::SiteKind::heap) continue;
    allocations += site.total_blocks;
    live_bytes += site.live_bytes;
  }
  EXPECT_GE(allocations, before.allocations);
  EXPECT_LE(allocations, after.allocations);
  if (before.allocations == after.allocations) {
    EXPECT_EQ(live_bytes, before.live_bytes);
  }
}

TEST(ReadRegionSites, NeverReadsBeyondTheFile) {
  std::ifstream stream(std::getenv("SOAK_REGION"), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  const auto file = std::string(std::getenv("SOAK_REGION")) + ".cut";
  for (const std::size_t size : {0ul, 100ul, sizeof(layout::RegionHeader), 200'000ul, 500'000ul, 1'000'000ul,
                                 bytes.size() / 2, bytes.size() - 1}) {
    std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(size));
    const auto sites = region::read_region_sites(file);
    EXPECT_EQ(sites.has_value(), size >= 500'000) << size;
  }
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace soak::run
