#include <gtest/gtest.h>

#include <downloads/server/fault_script.hpp>
#include <string>
#include <vector>

namespace media {
namespace {

using Faults = std::vector<Fault>;

TEST(ParseFaults, ReadsNamesInTheirOrder) {
  EXPECT_EQ(parse_faults(""), Faults{});
  EXPECT_EQ(parse_faults("reset"), Faults{Fault::reset});
  EXPECT_EQ(parse_faults("truncate,503,stall,503"),
            (Faults{Fault::truncate, Fault::unavailable, Fault::stall, Fault::unavailable}));
}

TEST(ParseFaults, RefusesWhatItDoesNotKnow) {
  for (const auto* bad : {"none", "RESET", "reset,", ",reset", "reset,,503", "reset 503", ","})
    EXPECT_EQ(parse_faults(bad), std::nullopt) << bad;
}

TEST(ParseFaults, IsBounded) {
  std::string text = "503";
  for (std::size_t count = 1; count < max_faults; ++count) text += ",503";
  EXPECT_TRUE(parse_faults(text));
  EXPECT_FALSE(parse_faults(text + ",503"));
}

TEST(FaultScript, UsesUpOneFaultAnAttemptThenStartsOver) {
  FaultScript script;
  const Faults faults = {Fault::reset, Fault::stall};
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(script.next("a", faults), Fault::reset) << round;
    EXPECT_EQ(script.next("a", faults), Fault::stall) << round;
    EXPECT_EQ(script.next("a", faults), Fault::none) << round;
    EXPECT_EQ(script.size(), 0U) << round;
  }
}

TEST(FaultScript, CountsEachObjectByItself) {
  FaultScript script;
  const Faults faults = {Fault::reset, Fault::stall};
  EXPECT_EQ(script.next("a", faults), Fault::reset);
  EXPECT_EQ(script.next("b", faults), Fault::reset);
  EXPECT_EQ(script.next("a", faults), Fault::stall);
}

TEST(FaultScript, RemembersNothingOfObjectsWithoutFaults) {
  FaultScript script;
  EXPECT_EQ(script.next("a", {}), Fault::none);
  EXPECT_EQ(script.size(), 0U);
}

TEST(FaultScript, ForgetsTheOldestBeyondItsCapacity) {
  FaultScript script(2);
  const Faults faults = {Fault::reset, Fault::stall};
  for (const auto* key : {"a", "b", "c"}) EXPECT_EQ(script.next(key, faults), Fault::reset);
  EXPECT_EQ(script.size(), 2U);
  EXPECT_EQ(script.next("b", faults), Fault::stall);
  EXPECT_EQ(script.next("c", faults), Fault::stall);
  EXPECT_EQ(script.next("a", faults), Fault::reset) << "forgotten, so it starts over";
}

}  // namespace
}  // namespace media
