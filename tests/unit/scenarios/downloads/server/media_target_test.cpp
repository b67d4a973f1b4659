#include <gtest/gtest.h>

#include <downloads/server/media_target.hpp>
#include <string>
#include <vector>

namespace media {
namespace {

TEST(ParseMediaTarget, ReadsTheObjectAndItsFaults) {
  const auto target = parse_media_target("/media/a-1.mp4?size=123&faults=reset,503&retry_after=7");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->object.id, "a-1.mp4");
  EXPECT_EQ(target->object.size_bytes, 123U);
  EXPECT_EQ(target->faults, (std::vector<Fault>{Fault::reset, Fault::unavailable}));
  EXPECT_EQ(target->retry_after_seconds, 7U);
}

TEST(ParseMediaTarget, NeedsNothingButASize) {
  const auto target = parse_media_target("/media/a?size=0");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->object.size_bytes, 0U);
  EXPECT_TRUE(target->faults.empty());
  EXPECT_EQ(target->retry_after_seconds, 1U);
}

TEST(ParseMediaTarget, RefusesEverythingElse) {
  const std::vector<std::string> bad = {
      "",
      "/",
      "/media/a",
      "/media/?size=1",
      "/media/a/b?size=1",
      "/media/../a?size=1",
      "/media/a%20b?size=1",
      "/other/a?size=1",
      "media/a?size=1",
      "/media/a?size=",
      "/media/a?size=-1",
      "/media/a?size=1x",
      "/media/a?size=16777217",
      "/media/a?size=1&faults=fire",
      "/media/a?size=1&retry_after=soon",
      "/media/a?size=1&colour=red",
      "/media/" + std::string(65, 'a') + "?size=1",
  };
  for (const auto& target : bad) EXPECT_FALSE(parse_media_target(target)) << target;
  EXPECT_TRUE(parse_media_target("/media/" + std::string(64, 'a') + "?size=16777216"));
}

}  // namespace
}  // namespace media
