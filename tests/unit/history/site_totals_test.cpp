#include <gtest/gtest.h>

#include "history/compare.hpp"

namespace soak::history {
namespace {

record::CallSite site(const std::string& function, int line, std::int64_t kept, std::int64_t made) {
  record::CallSite site;
  site.function = function;
  site.file = "a.cpp";
  site.line = line;
  site.stack = {{"operator new", "", 0, "libsoak_probe.so", false}, {function, "a.cpp", line, "bin", false}};
  site.total_count = made;
  site.history = {{.iteration = 0, .bytes = 0, .count = 0}, {.iteration = 1000, .bytes = 24 * kept, .count = kept}};
  return site;
}

std::vector<SiteTotals> totals(std::vector<record::CallSite> sites) {
  record::Attribution attribution;
  attribution.sites = std::move(sites);
  return site_totals_of(attribution);
}

TEST(SiteTotals, LinesOffsetsAndFoldersAreNoPartOfTheKey) {
  EXPECT_EQ(site_key(totals({site("f", 10, 0, 0)})[0]), site_key(totals({site("f", 99, 5, 5)})[0]));
  SiteTotals here, there;
  here.stack = {{"/opt/a/lib.so+0x12", "", 0, "/opt/a/lib.so", false}};
  there.stack = {{"/opt/b/lib.so+0xff", "", 0, "/opt/b/lib.so", false}};
  EXPECT_EQ(site_key(here), site_key(there));
}

TEST(SiteTotals, TypeAndFunctionsAre) {
  auto other_type = totals({site("f", 10, 0, 0)})[0];
  other_type.type = "int";
  EXPECT_NE(site_key(totals({site("f", 10, 0, 0)})[0]), site_key(other_type));
  EXPECT_NE(site_key(totals({site("f", 10, 0, 0)})[0]), site_key(totals({site("g", 10, 0, 0)})[0]));
}

TEST(SiteTotals, SitesOfOneKeyAreOne) {
  const auto sites = totals({site("f", 10, 1000, 2000), site("f", 11, 500, 500)});
  ASSERT_EQ(sites.size(), 1U);
  EXPECT_DOUBLE_EQ(sites[0].bytes_per_iteration, 36);
  EXPECT_DOUBLE_EQ(sites[0].count_per_iteration, 1.5);
  EXPECT_DOUBLE_EQ(sites[0].made_per_iteration, 2.5);
}

TEST(CompareSites, SortsIntoNewGoneGrownShrunkLargestFirst) {
  const auto base = totals({site("same", 1, 10, 1000), site("grown", 2, 100, 1000), site("shrunk", 3, 500, 1000),
                            site("gone", 4, 50, 1000), site("moved", 5, 10, 1000)});
  const auto head = totals({site("same", 1, 10, 1000), site("grown", 2, 300, 1000), site("shrunk", 3, 100, 1000),
                            site("new", 4, 1000, 1000), site("moved", 77, 10, 1000)});
  std::vector<std::string> found;
  for (const auto& change : compare_sites(base, head))
    found.push_back(to_string(change.difference) + " " + change.site.function);
  EXPECT_EQ(found, (std::vector<std::string>{"new new", "shrunk shrunk", "grown grown", "gone gone"}));
}

TEST(CompareSites, WhatASiteMakesCountsWhereItKeepsNothing) {
  const auto changes = compare_sites(totals({site("f", 1, 0, 3000)}), totals({site("f", 1, 0, 5000)}));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].difference, Difference::grown);
  EXPECT_DOUBLE_EQ(changes[0].head_made_per_iteration, 5);
}

TEST(CompareSites, WhatSetUpMakesOnceIsNoChangeBetweenUnlikeLengths) {
  auto longer = site("f", 1, 0, 1);
  longer.history.back().iteration = 4000;
  EXPECT_TRUE(compare_sites(totals({site("f", 1, 0, 1)}), totals({longer})).empty());
}

TEST(CompareTypes, LikeSites) {
  const auto changes = compare_types({{"a", 10, 1}, {"b", 10, 1}, {"idle", 0, 0}}, {{"b", 20, 2}, {"c", 5, 1}});
  std::vector<std::string> found;
  for (const auto& change : changes) found.push_back(to_string(change.difference) + " " + change.name);
  EXPECT_EQ(found, (std::vector<std::string>{"gone a", "grown b", "new c"}));
}

}  // namespace
}  // namespace soak::history
