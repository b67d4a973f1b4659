// The short form of simulate: few programs of each sort, no error at all expected among them.
#include <gtest/gtest.h>

#include "judging.hpp"

namespace soak::simulation {
namespace {

constexpr std::int64_t programs_of_each_kind = 25;

TEST(Simulation, ExactCountersAccuseNoProgramThatDoesNotLeak) {
  for (const auto& kind : kinds())
    EXPECT_EQ(judge_programs(kind, {0}, Program::Reads::heap, programs_of_each_kind).leak, 0) << kind.name;
}

TEST(Simulation, ResidentMemoryAloneAccusesHardlyAny) {
  std::int64_t accused = 0;
  for (const auto& kind : kinds())
    accused += judge_programs(kind, {0}, Program::Reads::resident_memory, programs_of_each_kind).leak;
  EXPECT_LE(accused, 3);
}

TEST(Simulation, ABlockAnIterationIsFoundBesideWhateverElseMoves) {
  for (const auto& kind : kinds())
    EXPECT_EQ(judge_programs(kind, {1}, Program::Reads::heap, programs_of_each_kind).leak, programs_of_each_kind)
        << kind.name;
}

}  // namespace
}  // namespace soak::simulation
