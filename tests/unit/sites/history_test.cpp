#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "own_sites.hpp"

namespace soak::probe {
namespace {

AllocationsBySite noted;
void* leaked[256];

__attribute__((noinline, noclone)) void leak(int index) {
  leaked[index] = std::malloc(32);
  *static_cast<volatile char*>(leaked[index]) = 1;
}

const layout::SiteCheckpoint& checkpoint(std::uint32_t index) {
  return layout::section_begin<layout::SiteCheckpoint>(*soak_probe_region(),
                                                       layout::SectionId::site_checkpoints)[index];
}
layout::SitePoint point(std::uint32_t index, std::uint32_t site) {
  return layout::section_begin<layout::SitePoint>(
      *soak_probe_region(), layout::SectionId::site_history)[index * layout::site_capacity + site];
}
void keep(layout::ReadingKind kind, std::int64_t iteration) {
  layout::Reading reading;
  reading.kind = kind;
  reading.iteration = iteration;
  soak_probe_keep(&reading);
}

/// A loop of `iterations` that leaks a block in each and takes a checkpoint after each; the site it leaks at.
std::uint32_t leaking_loop(int iterations) {
  soak_probe_begin_pass(iterations);
  note_allocations(noted);
  keep(layout::ReadingKind::baseline, 0);
  for (int i = 0; i < iterations; ++i) {
    leak(i);
    keep(i + 1 == iterations ? layout::ReadingKind::final : layout::ReadingKind::interval, i + 1);
  }
  const auto site = site_since(noted);
  for (int i = 0; i < iterations; ++i) std::free(leaked[i]);
  return site;
}

TEST(SiteHistory, HasWhatWasAliveAtEachCheckpoint) {
  const auto site = leaking_loop(10);
  ASSERT_NE(site, 0u);
  ASSERT_EQ(sites_header().site_checkpoint_count, 11u);
  const auto before = point(0, site).live_blocks;
  for (std::uint32_t i = 0; i <= 10; ++i) {
    EXPECT_EQ(checkpoint(i).iteration, i);
    EXPECT_EQ(point(i, site).live_blocks, before + i);
    EXPECT_EQ(point(i, site).live_requested_bytes, 32 * (before + i));
    // At least 40 each: glibc leaves a remainder that is no chunk of its own with the block.
    EXPECT_GE(point(i, site).live_bytes, 40 * (before + i));
  }
  EXPECT_EQ(checkpoint(0).kind, layout::ReadingKind::baseline);
  EXPECT_EQ(checkpoint(10).kind, layout::ReadingKind::final);
}

TEST(SiteHistory, ThinsOutEvenlyWhereThereAreMoreCheckpointsThanRoom) {
  const auto site = leaking_loop(200);
  ASSERT_NE(site, 0u);
  const auto count = sites_header().site_checkpoint_count.load();
  EXPECT_LE(count, layout::site_checkpoint_capacity);
  EXPECT_GE(count, layout::site_checkpoint_capacity / 2);
  EXPECT_EQ(checkpoint(0).kind, layout::ReadingKind::baseline);
  EXPECT_EQ(checkpoint(count - 1).kind, layout::ReadingKind::final);
  EXPECT_EQ(checkpoint(count - 1).iteration, 200);
  const auto before = point(0, site).live_blocks;
  for (std::uint32_t i = 0; i < count; ++i) {
    EXPECT_EQ(point(i, site).live_blocks, before + checkpoint(i).iteration) << i;
    if (i > 0 && i + 1 < count) {
      EXPECT_EQ(checkpoint(i).iteration, 8 * i) << i;
    }
  }
}

}  // namespace
}  // namespace soak::probe
