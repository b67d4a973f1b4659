#include "run/attribution.hpp"

#include <gmock/gmock.h>

#include "golden.hpp"
#include "region/layout/region_layout.hpp"
#include "test_folder.hpp"

namespace soak::run {
namespace {

using record::SiteKind;
using testing::ElementsAre;

/// A site whose only frame lies in no module, so that it is named after its address.
region::RegionSite site(std::uint64_t address, std::vector<region::SitePoint> history,
                        SiteKind kind = SiteKind::heap) {
  region::RegionSite site;
  site.kind = kind;
  site.frames = {address};
  site.frame_modules = {0};
  site.history = std::move(history);
  return site;
}

region::RegionSites sites_of(std::vector<region::RegionSite> sites) {
  region::RegionSites all;
  all.modules.resize(1);
  all.sites.resize(1);  // what could not be attributed
  for (auto& site : sites) all.sites.push_back(std::move(site));
  return all;
}

std::vector<std::int64_t> bytes_at_the_end(const record::Attribution& attribution) {
  std::vector<std::int64_t> bytes;
  for (const auto& site : attribution.sites) bytes.push_back(site.history.back().bytes);
  return bytes;
}

TEST(Attribution, WhatGrewMostComesFirstAndTheRestIsSummedUp) {
  const auto sites =
      sites_of({site(0x10, {{0, 900, 9, 800}, {100, 900, 9, 800}}), site(0x20, {{0, 0, 0, 0}, {100, 500, 5, 400}}),
                site(0x30, {{0, 0, 0, 0}, {100, 300, 3, 200}}), site(0x40, {{0, 0, 0, 0}, {100, 0, 0, 0}})});
  const auto all = attribution_of(sites, 10);
  EXPECT_THAT(bytes_at_the_end(all), ElementsAre(500, 300, 900));
  EXPECT_EQ(all.omitted_sites, 0);
  const auto two = attribution_of(sites, 2);
  EXPECT_THAT(bytes_at_the_end(two), ElementsAre(500, 300));
  EXPECT_EQ(two.omitted_sites, 1);
  EXPECT_EQ(two.omitted_live_bytes, 900);
  EXPECT_EQ(two.omitted_live_blocks, 9);
}

TEST(Attribution, OfWhatNeverChangedTheLargestAreKept) {
  std::vector<region::RegionSite> many;
  for (int i = 1; i <= 60; ++i) many.push_back(site(16u * static_cast<unsigned>(i), {{0, i, 1, i}, {100, i, 1, i}}));
  many.push_back(site(0x9990, {{0, 7, 1, 7}, {100, 5, 1, 5}}));
  const auto attribution = attribution_of(sites_of(many), 500);
  EXPECT_EQ(attribution.sites.size(), 51u);
  EXPECT_EQ(attribution.sites.front().history.back().bytes, 60);
  EXPECT_EQ(attribution.sites.back().history.back().bytes, 5) << "it changed";
  EXPECT_EQ(attribution.omitted_sites, 10);
  EXPECT_EQ(attribution.omitted_live_bytes, 55);
}

TEST(Attribution, KindsTakeTurnsSoThatNoneCrowdsOutAnother) {
  const auto sites = sites_of({site(0x10, {{0, 0, 0, 0}, {9, 300, 3, 0}}), site(0x20, {{0, 0, 0, 0}, {9, 200, 2, 0}}),
                               site(0x30, {{0, 0, 0, 0}, {9, 0, 1, 0}}, SiteKind::descriptor)});
  const auto two = attribution_of(sites, 2);
  EXPECT_EQ(two.sites.at(0).kind, SiteKind::heap);
  EXPECT_EQ(two.sites.at(1).kind, SiteKind::descriptor);
  EXPECT_EQ(two.sites.at(1).history.back().requested_bytes, std::nullopt);
  EXPECT_EQ(two.omitted_live_blocks, 2);
}

TEST(Attribution, TheReadingAtTheProgramsEndIsNotOfTheLoop) {
  const auto attribution =
      attribution_of(sites_of({site(0x10, {{0, 10, 1, 8}, {50, 20, 2, 16}, {layout::absent, 0, 0, 0}})}), 9);
  EXPECT_THAT(attribution.sites.at(0).history,
              ElementsAre(record::LivePoint{0, 10, 1, 8}, record::LivePoint{50, 20, 2, 16}));
}

TEST(Attribution, WhatHasNoFramesIsUnattributed) {
  auto sites = sites_of({site(0x10, {{0, 10, 1, 8}})});
  sites.overflowed_allocations = 7;
  sites.sites[0].live_bytes = 40, sites.sites[0].live_blocks = 4;
  auto& descriptors = sites.sites.emplace_back();
  descriptors.kind = SiteKind::descriptor;
  descriptors.live_blocks = 3;
  const auto attribution = attribution_of(sites, 9);
  EXPECT_EQ(attribution.sites.size(), 1u);
  EXPECT_EQ(attribution.unattributed_live_bytes, 40);
  EXPECT_EQ(attribution.unattributed_live_blocks, 4);
  EXPECT_EQ(attribution.overflowed_allocations, 7);
}

TEST(Attribution, NothingAliveHasNoShareOfTypes) {
  EXPECT_EQ(attribution_of(sites_of({}), 9).typed_blocks_percent, std::nullopt);
  EXPECT_EQ(attribution_of(sites_of({site(0x10, {{0, 10, 1, 8}})}), 9).typed_blocks_percent, 0);
}

TEST(Attribution, AProcessWithoutARegionSaysWhyThereIsNone) {
  const TestFolder folder;
  record::Repetition repetition;
  take_attribution(repetition, folder.path() / "missing", 9);
  ASSERT_TRUE(repetition.attribution);
  expect_message(repetition.attribution->unavailable, {});
}

}  // namespace
}  // namespace soak::run
