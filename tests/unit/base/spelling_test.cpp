#include "base/spelling.hpp"

#include <gtest/gtest.h>

#include "golden.hpp"

namespace soak {
namespace {

const std::vector<std::string> scenarios = {"RetryLoop/adaptive",
                                            "RetryLoop/fixed_delay",
                                            "LargePlaylist/150",
                                            "LargePlaylist/10000",
                                            "MetadataLookup",
                                            "MetadataLookup/threads:4",
                                            "Z"};

struct Case {
  std::string_view name, written, expected;
};
const std::vector<Case> cases = {
    {"itself", "MetadataLookup", "MetadataLookup"},
    {"a letter missing", "RetryLop/adaptive", "RetryLoop/adaptive"},
    {"a letter too many", "RetryLooop/adaptive", "RetryLoop/adaptive"},
    {"a wrong letter", "RetryLoop/adaptiwe", "RetryLoop/adaptive"},
    {"letters swapped", "RertyLoop/adaptive", "RetryLoop/adaptive"},
    {"another case", "retryloop/ADAPTIVE", "RetryLoop/adaptive"},
    {"the fewest slips win", "LargePlaylist/15", "LargePlaylist/150"},
    {"a part of one only", "adaptive", "RetryLoop/adaptive"},
    {"a part of several", "RetryLoop", ""},
    {"with run suffixes", "LargePlaylist/150/iterations:1000/real_time", "LargePlaylist/150"},
    {"too short a part", "150", ""},
    {"nothing near", "Compression", ""},
    {"nothing at all", "", ""},
    {"nothing in common", "x", ""},
};
TEST(ClosestSpelling, FindsWhatWasMeantAndDoesNotGuess) {
  for (const auto& [name, written, expected] : cases)
    EXPECT_EQ(closest_spelling(written, scenarios).value_or(""), expected) << name;
}

TEST(ClosestSpelling, FirstOfSeveralEquallyNearWins) { EXPECT_EQ(closest_spelling("ac", {"ab", "ad"}), "ab"); }

TEST(ClosestSpelling, ShortNamesForgiveASingleSlip) {
  EXPECT_EQ(closest_spelling("evn", {"env", "tags"}), "env");
  EXPECT_EQ(closest_spelling("xyz", {"env", "tags"}), std::nullopt);
}

TEST(ClosestSpelling, NothingIsNearWhereNothingIsKnown) { EXPECT_EQ(closest_spelling("anything", {}), std::nullopt); }

TEST(DidYouMean, IsTheEndOfASentence) {
  const auto end = did_you_mean("evn", {"env"});
  EXPECT_TRUE(end.starts_with("; ")) << end;
  EXPECT_NE(end.find("'env'"), std::string::npos) << end;
  expect_wording("", end);
  EXPECT_EQ(did_you_mean("other", {"env"}), "");
}

}  // namespace
}  // namespace soak
