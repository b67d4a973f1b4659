#include "base/ids.hpp"

#include <gtest/gtest.h>

#include <set>

namespace soak {
namespace {

TEST(RandomUid, Is32HexadecimalDigitsAndNeverTheSame) {
  std::set<std::string> uids;
  for (int i = 0; i < 1000; ++i) {
    const auto uid = random_uid();
    EXPECT_EQ(uid.size(), 32U);
    EXPECT_EQ(uid.find_first_not_of("0123456789abcdef"), std::string::npos) << uid;
    uids.insert(uid);
  }
  EXPECT_EQ(uids.size(), 1000U);
}

// Stores and reports hold these values.
TEST(StableHash, IsTheOneOfVersion01) {
  EXPECT_EQ(stable_hash(""), 0xcbf29ce484222325U);
  EXPECT_EQ(stable_hash("a"), 0xaf63dc4c8601ec8cU);
  EXPECT_EQ(stable_hash("foobar"), 0x85944171f73967e8U);
  EXPECT_EQ(stable_hash("bar", stable_hash("foo")), stable_hash("foobar"));
}

}  // namespace
}  // namespace soak
