#include "retry/active_recoveries.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <utility>

namespace recovery {
namespace {

TEST(ActiveRecoveries, AnEntryIsListedAsLongAsItsGuardLives) {
  ActiveRecoveries active;
  {
    const auto first = active.add({"fetch", "http://one", TimePoint(), 0});
    const auto second = active.add({"fetch", "http://two", TimePoint(), 0});
    const auto snapshot = active.snapshot();
    ASSERT_EQ(snapshot.size(), 2U);
    EXPECT_EQ(snapshot.at(first.id()).url, "http://one");
    EXPECT_EQ(snapshot.at(second.id()).url, "http://two");
    EXPECT_LT(first.id(), second.id());
  }
  EXPECT_EQ(active.size(), 0U);
}

TEST(ActiveRecoveries, AMovedGuardRemovesItsEntryOnce) {
  ActiveRecoveries active;
  std::optional<ActiveRecoveries::Entry> kept;
  {
    auto entry = active.add({"fetch", "http://one", TimePoint(), 0});
    kept.emplace(std::move(entry));
  }
  EXPECT_EQ(active.size(), 1U);
  kept.reset();
  EXPECT_EQ(active.size(), 0U);
}

TEST(ActiveRecoveries, AssigningOverAGuardRemovesWhatItStoodFor) {
  ActiveRecoveries active;
  auto entry = active.add({"fetch", "http://one", TimePoint(), 0});
  entry = active.add({"fetch", "http://two", TimePoint(), 0});
  const auto snapshot = active.snapshot();
  ASSERT_EQ(snapshot.size(), 1U);
  EXPECT_EQ(snapshot.begin()->second.url, "http://two");
}

TEST(ActiveRecoveries, TellsHowManyAttemptsWereMade) {
  ActiveRecoveries active;
  auto entry = active.add({"fetch", "http://one", TimePoint(), 0});
  entry.set_attempts(3);
  EXPECT_EQ(active.snapshot().at(entry.id()).attempts, 3);
}

}  // namespace
}  // namespace recovery
