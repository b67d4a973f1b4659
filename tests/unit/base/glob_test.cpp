#include "base/glob.hpp"

#include <gtest/gtest.h>

namespace soak {
namespace {

struct Matching {
  std::string glob, name;
  bool matches;
};
const std::vector<Matching> matchings = {
    {"RetryLoop/adaptive", "RetryLoop/adaptive", true},
    {"RetryLoop/adaptive", "RetryLoop/adaptive/threads:4", false},
    {"RetryLoop/*", "RetryLoop/adaptive", true},
    {"RetryLoop/*", "RetryLoop/", true},
    {"RetryLoop/*", "RetryLoop", false},
    {"RetryLoop/*", "RetryLoop/a/threads:4", true},
    {"*", "", true},
    {"*", "anything/at/all", true},
    {"*/adaptive", "RetryLoop/adaptive", true},
    {"*/adaptive", "RetryLoop/adaptive2", false},
    {"*a*b*c", "xxaxxbxxbxxc", true},
    {"*a*b*c", "xxaxxcxxb", false},
    {"**", "x", true},
    {"A?C", "ABC", true},
    {"A?C", "AC", false},
    {"A?C", "A\u4e2dC", true},
    {"?", "", false},
    {"Parse<int\\*>", "Parse<int*>", true},
    {"Parse<int\\*>", "Parse<int const*>", false},
    {"Parse<int*>", "Parse<int*>", true},
    {"back\\slash", "back\\slash", true},
    {"end\\", "end\\", true},
    {"", "", true},
    {"", "a", false},
};
TEST(Glob, Matches) {
  for (const auto& [glob, name, matches] : matchings)
    EXPECT_EQ(Glob(glob).matches(name), matches) << glob << " against " << name;
}

TEST(Glob, ManyStarsTakeNoExponentialTime) {
  std::string glob;
  for (int i = 0; i < 200; ++i) glob += "*a";
  EXPECT_FALSE(Glob(glob + "b").matches(std::string(2000, 'a')));
}

struct Covering {
  std::string general, special;
  bool covers;
};
const std::vector<Covering> coverings = {
    {"*", "RetryLoop/*", true},
    {"RetryLoop/*", "*", false},
    {"RetryLoop/*", "RetryLoop/a*", true},
    {"RetryLoop/*", "RetryLoop/adaptive", true},
    {"*/adaptive", "RetryLoop/*", false},
    {"RetryLoop/*", "*/adaptive", false},
    {"a*b*", "a*b", true},
    {"a*b", "a*b*", false},
    {"a?", "ab", true},
    {"a*", "a?", true},
    {"a?", "a*", false},
    {"*", "*", true},
    {"a?c", "a?c", true},
};
TEST(Glob, CoversWhatIsASpecialCaseOfIt) {
  for (const auto& [general, special, covers] : coverings)
    EXPECT_EQ(Glob(general).covers(Glob(special)), covers) << general << " covers " << special;
}

TEST(Glob, WhatCoversAnotherStandsBeforeIt) {
  for (const auto& [general, special, covers] : coverings)
    if (covers && general != special) {
      EXPECT_TRUE(Glob(general).stands_before(Glob(special))) << general << " before " << special;
      EXPECT_FALSE(Glob(special).stands_before(Glob(general))) << special << " before " << general;
    }
}

TEST(Glob, IsPlainWithoutWildcards) {
  EXPECT_TRUE(Glob("RetryLoop/adaptive").is_plain());
  EXPECT_TRUE(Glob("Parse<int\\*>").is_plain());
  EXPECT_FALSE(Glob("RetryLoop/*").is_plain());
  EXPECT_FALSE(Glob("A?").is_plain());
}

TEST(GlobFor, MatchesThatNameAlone) {
  for (const std::string name : {"A/b", "Parse<int*>", "back\\slash", "what?", "\\*"}) {
    EXPECT_TRUE(Glob(glob_for(name)).matches(name)) << name;
    EXPECT_TRUE(Glob(glob_for(name)).is_plain()) << name;
  }
}

}  // namespace
}  // namespace soak
