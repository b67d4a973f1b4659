#include "lookup/metadata_cache.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace lookup {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<const Metadata> video(const std::string& id, const std::string& title = "") {
  Metadata metadata;
  metadata.id = id;
  metadata.title = title;
  return std::make_shared<const Metadata>(std::move(metadata));
}

class MetadataCacheTest : public testing::Test {
 protected:
  bool holds(std::string_view id) { return cache_.find(id).has_value(); }

  recovery::ManualClock clock_;
  MetadataCache cache_{3, 10s, clock_};
};

TEST_F(MetadataCacheTest, FindsWhatWasPut) {
  EXPECT_FALSE(cache_.find("a"));
  cache_.put(video("a", "first"));
  const auto hit = cache_.find("a");
  ASSERT_TRUE(hit);
  EXPECT_EQ(hit->metadata->title, "first");
  EXPECT_FALSE(hit->expired);
}

TEST_F(MetadataCacheTest, NeverHoldsMoreThanItsCapacity) {
  for (int i = 0; i < 1000; ++i) cache_.put(video(std::to_string(i)));
  EXPECT_EQ(cache_.size(), 3U);
  EXPECT_FALSE(holds("996"));
  EXPECT_TRUE(holds("997") && holds("998") && holds("999"));
}

TEST_F(MetadataCacheTest, DropsTheLeastRecentlyUsed) {
  for (const auto* id : {"a", "b", "c"}) cache_.put(video(id));
  EXPECT_TRUE(holds("a"));
  cache_.put(video("d"));
  EXPECT_FALSE(holds("b"));
  EXPECT_TRUE(holds("a") && holds("c") && holds("d"));
}

TEST_F(MetadataCacheTest, PuttingAgainReplacesAndIsAUse) {
  for (const auto* id : {"a", "b", "c"}) cache_.put(video(id));
  cache_.put(video("a", "second"));
  EXPECT_EQ(cache_.size(), 3U);
  cache_.put(video("d"));
  EXPECT_FALSE(holds("b"));
  EXPECT_EQ(cache_.find("a")->metadata->title, "second");
}

TEST_F(MetadataCacheTest, ExpiresAtTheInstantItsTimeIsOver) {
  cache_.put(video("a"));
  clock_.advance(10s - 1ns);
  EXPECT_FALSE(cache_.find("a")->expired);
  clock_.advance(1ns);
  EXPECT_TRUE(cache_.find("a")->expired);
}

TEST_F(MetadataCacheTest, BeingFoundDoesNotProlongALife) {
  cache_.put(video("a"));
  clock_.advance(9s);
  EXPECT_FALSE(cache_.find("a")->expired);
  clock_.advance(1s);
  EXPECT_TRUE(cache_.find("a")->expired);
}

TEST_F(MetadataCacheTest, PuttingAgainBeginsANewLife) {
  cache_.put(video("a"));
  clock_.advance(10s);
  cache_.put(video("a"));
  clock_.advance(10s - 1ns);
  EXPECT_FALSE(cache_.find("a")->expired);
}

TEST_F(MetadataCacheTest, WhatIsHeldByACallerOutlivesItsEntry) {
  cache_.put(video("a", "held"));
  const auto held = cache_.find("a")->metadata;
  for (const auto* id : {"b", "c", "d"}) cache_.put(video(id));
  EXPECT_FALSE(holds("a"));
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(held->title, "held");
}

TEST(MetadataCache, RefusesToHaveNoRoomOrNoTime) {
  const recovery::ManualClock clock;
  EXPECT_THROW(MetadataCache(0, 10s, clock), std::invalid_argument);
  EXPECT_THROW(MetadataCache(1, 0s, clock), std::invalid_argument);
  EXPECT_THROW(MetadataCache(1, -1s, clock), std::invalid_argument);
}

}  // namespace
}  // namespace lookup
