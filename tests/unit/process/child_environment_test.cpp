#include "process/child_environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace soak::process {
namespace {

using testing::ElementsAre;
using List = std::vector<std::string>;
using Map = std::map<std::string, std::string>;

TEST(ChildEnvironment, LeavesOutWhatGoogleBenchmarkAndTheProbeWouldObey) {
  EXPECT_THAT(child_environment(List{"PATH=/bin", "BENCHMARK_REPETITIONS=5", "BENCHMARK_DRY_RUN=1", "SOAK_PROBE=off",
                                     "SOAK_ITERATIONS=3", "DEBUGINFOD_URLS=http://x", "HOME=/h"},
                                Map{}),
              ElementsAre("HOME=/h", "PATH=/bin"));
}

TEST(ChildEnvironment, LetsAdditionsWin) {
  EXPECT_THAT(child_environment(List{"A=1", "B=2"}, Map{{"A", "3"}, {"SOAK_REGION", "/r"}}),
              ElementsAre("A=3", "B=2", "SOAK_REGION=/r"));
}

TEST(ChildEnvironment, KeepsEmptyValuesAndEqualSigns) {
  EXPECT_THAT(child_environment(List{"EMPTY=", "URL=a=b=c"}, Map{}), ElementsAre("EMPTY=", "URL=a=b=c"));
}

}  // namespace
}  // namespace soak::process
