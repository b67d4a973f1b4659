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

const SiteCheckpoint& checkpoint(std::uint32_t index) {
  return section_begin<SiteCheckpoint>(*soak_probe_region(), SectionId::site_checkpoints)[index];
}
SitePoint point(std::uint32_t index, std::uint32_t site) {
  return section_begin<SitePoint>(*soak_probe_region(), SectionId::site_history)[index * site_capacity + site];
}
void keep(ReadingKind kind, std::int64_t iteration) {
  Reading reading;
  reading.kind = kind;
  reading.iteration = iteration;
  soak_probe_keep(&reading);
}

/// A loop of `iterations` that leaks a block in each and takes a checkpoint after each; the site it leaks at.
std::uint32_t leaking_loop(int iterations) {
  soak_probe_begin_pass(iterations);
  note_allocations(noted);
  keep(ReadingKind::baseline, 0);
  for (int i = 0; i < iterations; ++i) {
    leak(i);
    keep(i + 1 == iterations ? ReadingKind::final : ReadingKind::interval, i + 1);
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
  EXPECT_EQ(checkpoint(0).kind, ReadingKind::baseline);
  EXPECT_EQ(checkpoint(10).kind, ReadingKind::final);
}

TEST(SiteHistory, ThinsOutEvenlyWhereThereAreMoreCheckpointsThanRoom) {
  const auto site = leaking_loop(200);
  ASSERT_NE(site, 0u);
  const auto count = sites_header().site_checkpoint_count.load();
  EXPECT_LE(count, site_checkpoint_capacity);
  EXPECT_GE(count, site_checkpoint_capacity / 2);
  EXPECT_EQ(checkpoint(0).kind, ReadingKind::baseline);
  EXPECT_EQ(checkpoint(count - 1).kind, ReadingKind::final);
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
