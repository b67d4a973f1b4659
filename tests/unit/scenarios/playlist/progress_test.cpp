#include <gtest/gtest.h>

#include <playlist/progress.hpp>
#include <vector>

namespace playlist {
namespace {

struct PercentCase {
  std::size_t done;
  std::size_t total;
  int expected;
};
const std::vector<PercentCase> percent_cases = {{0, 0, 100}, {0, 3, 0},   {1, 3, 33},
                                                {2, 3, 66},  {3, 3, 100}, {999, 1000, 99}};

TEST(Progress, PercentReaches100OnlyAtTheEnd) {
  for (const auto& [done, total, expected] : percent_cases) {
    EXPECT_EQ((Progress{.videos_done = done, .videos_total = total}.percent()), expected) << done << " of " << total;
  }
}

TEST(ProgressReporter, CallsBackAtTheStartAndAfterEachChunk) {
  std::vector<Progress> reports;
  const ProgressCallback callback = [&reports](const Progress& progress) { reports.push_back(progress); };
  ProgressReporter reporter(5, callback);
  reporter.chunk_done(3, 2);
  reporter.chunk_done(2, 0);
  EXPECT_EQ(reports, (std::vector<Progress>{{0, 5, 0}, {3, 5, 2}, {5, 5, 2}}));
}

TEST(ProgressReporter, CountsWithoutACallback) {
  const ProgressCallback none;
  ProgressReporter reporter(1, none);
  reporter.chunk_done(1, 1);
  EXPECT_EQ(reporter.progress(), (Progress{1, 1, 1}));
}

}  // namespace
}  // namespace playlist
