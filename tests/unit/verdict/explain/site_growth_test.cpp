#include "verdict/explain/site_growth.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "sites.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using record::SiteKind;
using testing::ElementsAre;
using testing::IsEmpty;

GrowthBySite heap_growth(const record::Repetition& run) {
  return growth_by_site(run, SiteKind::heap, &Checkpoint::heap_bytes);
}

/// "line share bytes blocks shape", one text a site.
std::vector<std::string> told(const std::vector<SiteGrowth>& sites) {
  std::vector<std::string> texts;
  for (const auto& site : sites)
    texts.push_back(fmt::format("{} {:.0f}% {:g} B {:g} {}{}", site.site.line, 100 * site.share,
                                site.bytes_per_iteration, site.blocks_per_iteration, to_string(site.shape),
                                site.stack_count == 1 ? "" : fmt::format(" x{}", site.stack_count)));
  return texts;
}

TEST(SiteGrowth, LargestFirstWithItsShareRateAndShape) {
  const auto growth =
      heap_growth(explained({site_at(10, leaking(25)), site_at(20, leaking(75, 3)), site_at(30, constant(900))}));
  EXPECT_THAT(told(growth.growing), ElementsAre("20 75% 75 B 3 linear", "10 25% 25 B 1 linear"));
  EXPECT_THAT(growth.caches, IsEmpty());
}

TEST(SiteGrowth, WhatFilledAndStoppedIsACacheAndHasNoShare) {
  const auto growth =
      heap_growth(explained({site_at(10, cache_of(500)), site_at(20, leaking(8)), site_at(30, cache_of(4000))}));
  EXPECT_THAT(told(growth.growing), ElementsAre("20 100% 8 B 1 linear"));
  EXPECT_THAT(told(growth.caches), ElementsAre("30 0% 0 B 0 warm-up, then flat", "10 0% 0 B 0 warm-up, then flat"));
}

TEST(SiteGrowth, ACacheOfSomeBytesIsNotWorthAWord) {
  EXPECT_THAT(heap_growth(explained({site_at(10, cache_of(5))})).caches, IsEmpty());
}

TEST(SiteGrowth, StacksThatEndInOneLineWithOneTypeAreOneSite) {
  auto other_way = site_at(10, leaking(60));
  other_way.stack.push_back({"g", "/src/g.cpp", 1, "app", false});
  const auto growth = heap_growth(explained({site_at(10, leaking(20)), other_way}));
  ASSERT_THAT(told(growth.growing), ElementsAre("10 100% 80 B 2 linear x2"));
  EXPECT_EQ(growth.growing[0].site.stack.size(), 2u) << "the stack that grows most is shown";
  EXPECT_EQ(growth.growing[0].site.history.back().bytes, 1600 * 80);
}

TEST(SiteGrowth, TypesOfALineAreSitesOfTheirOwnAndStayTogether) {
  const auto growth = heap_growth(
      explained({site_at(10, leaking(40), "A"), site_at(20, leaking(30), "B"), site_at(20, leaking(30), "C")}));
  EXPECT_THAT(told(growth.growing),
              ElementsAre("20 30% 30 B 1 linear", "20 30% 30 B 1 linear", "10 40% 40 B 1 linear"));
}

TEST(SiteGrowth, WhatNoSiteAccountsForHasItsShareToo) {
  EXPECT_THAT(told(heap_growth(explained({site_at(10, leaking(30))}, 10)).growing),
              ElementsAre("10 75% 30 B 1 linear"));
}

TEST(SiteGrowth, ABufferThatDoublesGrowsAndAddsNoBlocks) {
  const Live doubling = [](std::int64_t i) {
    std::int64_t capacity = 64;
    while (capacity < i) capacity *= 2;
    return record::LivePoint{i, capacity * 8, 1, capacity * 8};
  };
  const auto growth = heap_growth(explained({site_at(10, doubling, "buffer of std::vector<int>")}));
  ASSERT_EQ(growth.growing.size(), 1u);
  EXPECT_EQ(growth.growing[0].shape, Shape::linear);
  EXPECT_EQ(growth.growing[0].blocks_per_iteration, 0);
}

TEST(SiteGrowth, TheAllocatorsRoundingOfConstantBlocksIsNoGrowth) {
  const Live drifting = [](std::int64_t i) { return record::LivePoint{i, 1000 + i / 10, 40, 1000}; };
  const auto growth = heap_growth(explained({site_at(10, drifting)}));
  EXPECT_THAT(growth.growing, IsEmpty());
}

TEST(SiteGrowth, DescriptorsAreCounted) {
  const auto run = explained({site_at(10, leaking(0), "", SiteKind::descriptor), site_at(20, leaking(50)),
                              site_at(30, cache_of(0, 3), "", SiteKind::descriptor)});
  const auto growth = growth_by_site(run, SiteKind::descriptor, &Checkpoint::open_files);
  EXPECT_THAT(told(growth.growing), ElementsAre("10 100% 0 B 1 linear"));
  EXPECT_THAT(told(growth.caches), ElementsAre("30 0% 0 B 0 warm-up, then flat"));
}

TEST(SiteGrowth, OfARunThatDiedEarlyTheFewReadingsTell) {
  auto run = explained({site_at(10, leaking(50)), site_at(20, constant(50))});
  for (auto& site : run.attribution->sites) site.history.resize(3);
  run.checkpoints.resize(3);
  EXPECT_THAT(told(heap_growth(run).growing), ElementsAre("10 100% 50 B 1 unknown"));
}

TEST(SiteGrowth, NothingIsToldWithoutReadingsOrWithoutSites) {
  auto run = explained({site_at(10, leaking(50))});
  run.attribution->sites[0].history.clear();
  EXPECT_THAT(heap_growth(run).growing, IsEmpty());
  run.attribution.reset();
  EXPECT_THAT(heap_growth(run).growing, IsEmpty());
}

TEST(SiteGrowth, ReadingsThatNobodyCanHaveDoNotOverflow) {
  const Live enormous = [](std::int64_t i) { return record::LivePoint{i, i << 43, i << 43, i << 43}; };
  std::vector<record::CallSite> sites;
  for (int i = 0; i < 3000; ++i) sites.push_back(site_at(10, enormous));
  EXPECT_EQ(heap_growth(explained({sites[0]})).growing.size(), 1u);
  auto run = explained({});
  run.attribution->sites = std::move(sites);
  EXPECT_LE(heap_growth(run).growing.size(), 1u);
}

}  // namespace
}  // namespace soak::verdict
