#include "selftest/plants.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "golden.hpp"

namespace soak::selftest {
namespace {

using config::Limits;

constexpr std::int64_t mib = 1 << 20;

Planted plant_of(const std::string& name, const Limits& limits) {
  const auto plants = plants_for(limits);
  const auto found = std::ranges::find(plants, name, &Planted::name);
  return found == plants.end() ? Planted{} : *found;
}

std::int64_t left_behind(const Planted& plant, const Amount& amount) {
  return amount.every == 0 ? 0 : plant.iterations / amount.every;
}

TEST(Plants, ThereIsOneForEveryKindOfFinding) {
  std::vector<std::string> kinds;
  for (const auto& plant : plants_for(config::default_config().defaults)) kinds.push_back(plant.kind);
  for (const std::string kind : {"heap_growth", "open_files", "threads", "children", "mappings", "objects",
                                 "final_growth", "peak_growth", "peak_rss", "crash"})
    EXPECT_THAT(kinds, testing::Contains(kind));
}

TEST(Plants, OneMoreThanAllowedAndTheTwinNoMoreThanAllowed) {
  for (const std::int64_t limit : {0, 1, 2, 7, 60, 200}) {
    Limits limits;
    limits.open_files_growth = limits.threads_growth = limits.children_growth = limits.objects_growth = limit;
    for (const std::string name : {"open_files", "unjoined_threads", "unwaited_children", "live_objects"}) {
      const auto plant = plant_of(name, limits);
      EXPECT_EQ(left_behind(plant, plant.planted), limit + 1) << name << " at " << limit;
      EXPECT_LE(left_behind(plant, plant.free), limit) << name << " at " << limit;
      EXPECT_EQ(left_behind(plant, plant.free) > 0, limit > 0) << name << " at " << limit;
      EXPECT_EQ(plant.limits.open_files_growth, std::nullopt) << "the file's own limit is tried";
    }
  }
}

TEST(Plants, AHeapLeakIsJustAboveTheLimit) {
  Limits limits;
  for (const auto& [limit, block] : std::vector<std::pair<double, std::int64_t>>{{0, 1}, {0.5, 2}, {16, 17}}) {
    limits.heap_growth_bytes_per_iteration = limit;
    EXPECT_EQ(plant_of("heap_blocks", limits).planted.bytes, block) << limit;
    EXPECT_EQ(plant_of("heap_blocks", limits).free.every, 0) << limit;
  }
  EXPECT_EQ(plant_of("rare_block", limits).planted.every, 100);
  EXPECT_EQ(plant_of("rare_block", limits).planted.bytes, 2401);
}

TEST(Plants, MemoryStandsOnBothSidesOfTheLimit) {
  Limits limits;
  limits.final_growth_bytes = 5 * mib;
  limits.peak_growth_bytes = 50 * mib;
  const auto grown = plant_of("resident_growth", limits);
  EXPECT_GT(left_behind(grown, grown.planted) * grown.planted.bytes, 5 * mib);
  EXPECT_LT(left_behind(grown, grown.free) * grown.free.bytes, 5 * mib);
  EXPECT_GT(left_behind(grown, grown.free) * grown.free.bytes, 3 * mib);
  const auto peak = plant_of("resident_peak", limits);
  EXPECT_GT(peak.planted.bytes, 50 * mib);
  EXPECT_LT(peak.free.bytes, 50 * mib);
  EXPECT_GT(peak.free.bytes, 40 * mib);
}

TEST(Plants, ATwinStaysWithinEveryOtherLimitToo) {
  Limits limits;
  limits.final_growth_bytes = 100 * mib;
  limits.peak_growth_bytes = 10 * mib;
  const auto grown = plant_of("resident_growth", limits);
  EXPECT_LT(left_behind(grown, grown.free) * grown.free.bytes, 10 * mib);
}

TEST(Plants, WithoutALimitOrAtOneOutOfReachItsOwnIsSet) {
  Limits limits;
  limits.final_growth_bytes = std::int64_t{1} << 40;
  limits.open_files_growth = 100'000;
  EXPECT_EQ(plant_of("resident_growth", limits).limits.final_growth_bytes, 32 * mib);
  EXPECT_EQ(plant_of("open_files", limits).limits.open_files_growth, 3);
  expect_message(plant_of("open_files", limits).what, {"4", "3"});
  EXPECT_EQ(plant_of("heap_blocks", limits).limits.heap_growth_bytes_per_iteration, 0);
  EXPECT_EQ(plant_of("address_space", limits).limits.vms_growth_bytes, 256 * mib);
}

TEST(ConfigFor, TakesTheThresholdsAndTellsEachScenarioHowMuchToLeave) {
  auto thresholds = config::default_config();
  thresholds.defaults.open_files_growth = 4;
  const auto plants = plants_for(thresholds.defaults);
  const auto config = config_for(plants, thresholds);
  EXPECT_EQ(config.tables.size(), 2 * plants.size());
  const auto settings = config.settings_for("Planted/open_files");
  EXPECT_EQ(settings.limits.open_files_growth, 4);
  EXPECT_EQ(settings.iterations, 200);
  EXPECT_EQ(settings.env.at("SOAK_PLANT_EVERY"), "40");
  EXPECT_EQ(config.settings_for("Free/open_files").env.at("SOAK_PLANT_EVERY"), "50");
}

}  // namespace
}  // namespace soak::selftest
