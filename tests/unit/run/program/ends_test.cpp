#include <gtest/gtest.h>

#include "run/program/samples.hpp"

namespace soak::run {
namespace {

SeenOutside seen_at(double elapsed_seconds, std::int64_t rss_bytes) {
  record::Checkpoint sample;
  sample.elapsed_seconds = elapsed_seconds;
  sample.rss_bytes = sample.peak_rss_bytes = rss_bytes;
  return {.last_sample = sample, .max_rss_bytes = 5000, .wall_seconds = 1};
}

TEST(Ends, ASampleOfTheSecondHalfOfItsLifeStandsForTheEndAnEarlierOneForNothing) {
  EXPECT_EQ(ends_of({}, seen_at(0.6, 4000), 7).back().rss_bytes, 4000);
  EXPECT_EQ(ends_of({}, seen_at(0.4, 4000), 7).back().rss_bytes, std::nullopt);
  EXPECT_EQ(ends_of({}, {}, 7).back().rss_bytes, std::nullopt);
}

TEST(Ends, ThePeakIsTheKernelsUnlessATreeOfProcessesWasSeenToHoldMore) {
  EXPECT_EQ(ends_of({}, seen_at(0.6, 4000), 7).back().peak_rss_bytes, 5000);
  EXPECT_EQ(ends_of({}, seen_at(0.6, 6000), 7).back().peak_rss_bytes, 6000);
  EXPECT_EQ(ends_of({}, seen_at(0.4, 4000), 7).back().peak_rss_bytes, 5000);
}

TEST(Ends, WhatTheProbeSawWins) {
  region::RegionContents region;
  region.at_end.emplace();
  region.at_end->rss_bytes = region.at_end->peak_rss_bytes = 3000;
  const auto end = ends_of(region, seen_at(0.6, 4000), 7).back();
  EXPECT_EQ(end.rss_bytes, 3000);
  EXPECT_EQ(end.peak_rss_bytes, 3000);
  EXPECT_EQ(end.iteration, 7);
  EXPECT_EQ(end.elapsed_seconds, 1);
}

}  // namespace
}  // namespace soak::run
