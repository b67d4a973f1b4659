#include <gtest/gtest.h>

#include "config/config.hpp"
#include "message_of.hpp"

namespace soak::config {
namespace {

// The limits of `Limits` in order, for tests that must not forget one.
Limits numbered(std::int64_t from) {
  return {from, from + 1, from + 2, from + 3, static_cast<double>(from + 4), from + 5, from + 6, from + 7, from + 8};
}

void expect_equal(const Limits& actual, const Limits& expected) {
  EXPECT_EQ(actual.final_growth_bytes, expected.final_growth_bytes);
  EXPECT_EQ(actual.peak_growth_bytes, expected.peak_growth_bytes);
  EXPECT_EQ(actual.peak_rss_bytes, expected.peak_rss_bytes);
  EXPECT_EQ(actual.vms_growth_bytes, expected.vms_growth_bytes);
  EXPECT_EQ(actual.heap_growth_bytes_per_iteration, expected.heap_growth_bytes_per_iteration);
  EXPECT_EQ(actual.open_files_growth, expected.open_files_growth);
  EXPECT_EQ(actual.threads_growth, expected.threads_growth);
  EXPECT_EQ(actual.children_growth, expected.children_growth);
  EXPECT_EQ(actual.objects_growth, expected.objects_growth);
}

TEST(MergedOver, OwnLimitsWin) { expect_equal(numbered(1).merged_over(numbered(100)), numbered(1)); }
TEST(MergedOver, EmptyLimitsAreFilled) { expect_equal(Limits{}.merged_over(numbered(100)), numbered(100)); }
TEST(MergedOver, WhatNeitherHasStaysEmpty) { expect_equal(Limits{}.merged_over({}), {}); }
TEST(MergedOver, ZeroIsALimit) {
  Limits own;
  own.open_files_growth = 0;
  EXPECT_EQ(own.merged_over(numbered(100)).open_files_growth, 0);
}

TEST(SettingsFor, TableOverThresholdsOverBuiltInKeyByKey) {
  const auto config = parse_config(
      "schema = 1\n[thresholds]\nfinal_growth = \"7 MiB\"\nthreads_growth = 1\n[run]\ntimeout = \"1 min\"\n"
      "[scenario.A]\nfinal_growth = \"9 MiB\"\n[scenario.B]\ntimeout = \"2 min\"\n",
      "benchmarks.toml");
  const auto a = config.settings_for("A");
  EXPECT_EQ(a.limits.final_growth_bytes, 9 << 20);
  EXPECT_EQ(a.limits.threads_growth, 1);
  EXPECT_EQ(a.limits.peak_growth_bytes, 50 << 20);
  EXPECT_EQ(a.timeout, std::chrono::minutes{1});
  EXPECT_EQ(config.settings_for("B").timeout, std::chrono::minutes{2});
  EXPECT_EQ(config.settings_for("B").limits.final_growth_bytes, 7 << 20);
  EXPECT_EQ(config.settings_for("no table").limits.final_growth_bytes, 7 << 20);
  EXPECT_EQ(config.settings_for("no table").timeout, std::chrono::minutes{1});
}

TEST(SettingsFor, ATableIsForOneScenarioNotForItsFamily) {
  const auto config = parse_config("schema = 1\n[scenario.A]\nfinal_growth = \"9 MiB\"\n", "benchmarks.toml");
  EXPECT_EQ(config.settings_for("A/4").limits.final_growth_bytes, 5 << 20);
}

TEST(DefaultConfig, IsTheGuidelines) {
  const auto config = default_config();
  EXPECT_TRUE(config.file.empty());
  EXPECT_TRUE(config.binaries.empty());
  EXPECT_EQ(config.results, "results");
  EXPECT_EQ(config.checkpoint_count, std::nullopt);
  expect_equal(config.defaults, {5 << 20, 50 << 20, {}, {}, 0.0, 0, 0, 0, 1000});
}

const std::vector<std::string> known = {"RetryLoop/adaptive", "RetryLoop/fixed_delay", "LargePlaylist/150"};

std::string mismatch(std::string_view text) {
  const auto config = parse_config(text, "benchmarks.toml");
  return message_of([&] { config.require_tables_match(known); });
}

TEST(RequireTablesMatch, NamesTheTableAndTheNearestScenario) {
  EXPECT_EQ(mismatch("schema = 1\n\n[scenario.\"RetryLop/adaptive\"]\n"),
            "benchmarks.toml:3:11: unknown scenario 'RetryLop/adaptive'; did you mean 'RetryLoop/adaptive'?\n"
            "  [scenario.\"RetryLop/adaptive\"]\n"
            "            ^");
}

TEST(RequireTablesMatch, TellsAllInTheOrderOfTheFile) {
  EXPECT_EQ(mismatch("schema = 1\n[scenario.Zip]\n[scenario.\"LargePlaylist/150\"]\n[scenario.\"A\"]\n"),
            "benchmarks.toml:2:11: unknown scenario 'Zip'; `soak list` shows all\n"
            "  [scenario.Zip]\n"
            "            ^\n"
            "benchmarks.toml:4:11: unknown scenario 'A'; `soak list` shows all\n"
            "  [scenario.\"A\"]\n"
            "            ^");
}

TEST(RequireTablesMatch, SaysNothingWhereAllMatch) {
  EXPECT_EQ(mismatch("schema = 1\n[scenario.\"LargePlaylist/150\"]\n"), "no error");
  EXPECT_EQ(mismatch("schema = 1\n"), "no error");
}

TEST(RequireTablesMatch, APlainTableWithoutAPlaceIsNamedAsWell) {
  Config config;
  config.file = "benchmarks.toml";
  config.tables["RetryLoop/adaptiv"];
  EXPECT_EQ(message_of([&] { config.require_tables_match(known); }),
            "benchmarks.toml: unknown scenario 'RetryLoop/adaptiv'; did you mean 'RetryLoop/adaptive'?");
}

}  // namespace
}  // namespace soak::config
