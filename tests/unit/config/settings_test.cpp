#include <gmock/gmock.h>

#include "config/config.hpp"
#include "message_of.hpp"

namespace soak::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

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

struct Layers {
  std::string name, tables;
  std::int64_t final_growth_mib, peak_growth_mib;  ///< Of RetryLoop/adaptive.
};
const std::vector<Layers> layers = {
    {"the glob alone", "[scenario.\"RetryLoop/*\"]\nfinal_growth = \"1 MiB\"\n", 1, 50},
    {"the name over the glob, key by key, in whatever order",
     "[scenario.\"RetryLoop/adaptive\"]\nfinal_growth = \"2 MiB\"\n"
     "[scenario.\"RetryLoop/*\"]\nfinal_growth = \"1 MiB\"\npeak_growth = \"9 MiB\"\n",
     2, 9},
    {"the longer glob over the shorter one",
     "[scenario.\"RetryLoop/ad*\"]\nfinal_growth = \"3 MiB\"\n[scenario.\"*\"]\nfinal_growth = \"1 MiB\"\n"
     "peak_growth = \"8 MiB\"\n[scenario.\"RetryLoop/*\"]\nfinal_growth = \"2 MiB\"\n",
     3, 8},
    {"a glob for others", "[scenario.\"Retry?/*\"]\nfinal_growth = \"1 MiB\"\n", 5, 50},
};
TEST(SettingsFor, TheMostSpecificGlobWinsKeyByKey) {
  for (const auto& [name, tables, final_growth_mib, peak_growth_mib] : layers) {
    const auto limits =
        parse_config("schema = 1\n" + tables, "benchmarks.toml").settings_for("RetryLoop/adaptive").limits;
    EXPECT_EQ(limits.final_growth_bytes, final_growth_mib << 20) << name;
    EXPECT_EQ(limits.peak_growth_bytes, peak_growth_mib << 20) << name;
  }
}

TEST(SettingsFor, EveryKeyOfAScenarioCanComeFromAGlob) {
  const auto settings =
      parse_config(
          "schema = 1\n[scenario.\"A/*\"]\ntimeout = \"1 h\"\nenv = { X = \"1\" }\niterations = 5\nwarm_up = 2\n"
          "confirm_budget = \"3 s\"\nmemory_limit = \"1 MiB\"\ntags = [\"t\"]\nexpected_growth = \"2 MiB\"\n"
          "checkpoints.end = { heap_growth = \"1 B\" }\n",
          "benchmarks.toml")
          .settings_for("A/b");
  EXPECT_EQ(settings.timeout, std::chrono::hours{1});
  EXPECT_EQ(settings.env.at("X"), "1");
  EXPECT_EQ(settings.iterations, 5);
  EXPECT_EQ(settings.warm_up, 2);
  EXPECT_EQ(settings.confirm_budget, std::chrono::seconds{3});
  EXPECT_EQ(settings.memory_limit_bytes, 1 << 20);
  EXPECT_EQ(settings.tags, std::vector<std::string>{"t"});
  EXPECT_EQ(settings.expected_growth_bytes, 2 << 20);
  EXPECT_EQ(settings.checkpoints.at(0).heap_growth_bytes, 1);
}

TEST(SettingsFor, OneOfAFamilyThatCannotBeScaledMayBeScaledForAllThat) {
  const auto config = parse_config(
      "schema = 1\n[scenario.\"A/*\"]\nfixed = true\n[scenario.\"A/b\"]\nfixed = false\n", "benchmarks.toml");
  EXPECT_EQ(config.settings_for("A/c").is_fixed, true);
  EXPECT_EQ(config.settings_for("A/b").is_fixed, false);
  EXPECT_EQ(config.settings_for("B").is_fixed, std::nullopt);
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
  const auto message = mismatch("schema = 1\n\n[scenario.\"RetryLop/adaptive\"]\n");
  EXPECT_THAT(places_in(message), ElementsAre("3:11"));
  EXPECT_THAT(message, HasSubstr("'RetryLoop/adaptive'"));
  expect_wording("", message);
}

TEST(RequireTablesMatch, TellsAllInTheOrderOfTheFile) {
  const auto message = mismatch("schema = 1\n[scenario.Zip]\n[scenario.\"LargePlaylist/150\"]\n[scenario.\"A\"]\n");
  EXPECT_THAT(places_in(message), ElementsAre("2:11", "4:11"));
  expect_wording("", message);
}

TEST(RequireTablesMatch, AGlobThatMatchesNothingIsToldWithTheNearestFamily) {
  const auto message = mismatch("schema = 1\n[scenario.\"RetryLop/*\"]\n");
  EXPECT_THAT(places_in(message), ElementsAre("2:11"));
  EXPECT_THAT(message, HasSubstr("'RetryLoop/*'"));
  expect_wording("", message);
}

TEST(RequireTablesMatch, AWaiverForNoScenarioIsToldAtItsName) {
  const auto message = mismatch(
      "schema = 1\n[[waiver]]\nscenario = \"RetryLoop/adaptve\"\nmetric = \"threads\"\nreason = \"x\"\n"
      "until = 2026-01-01\n");
  EXPECT_THAT(places_in(message), ElementsAre("3:12"));
  EXPECT_THAT(message, HasSubstr("'RetryLoop/adaptive'"));
}

const std::string two_globs =
    "schema = 1\n[scenario.\"RetryLoop/*\"]\nfinal_growth = \"1 MiB\"\n[scenario.\"*/adaptive\"]\n";

TEST(RequireTablesMatch, TwoGlobsForOneKeyOfOneScenarioAreAmbiguous) {
  const auto message = mismatch(two_globs + "final_growth = \"2 MiB\"\n");
  EXPECT_THAT(places_in(message), ElementsAre("4:11"));
  for (const auto* named : {"'*/adaptive'", "'RetryLoop/*'", "line 2", "final_growth", "'RetryLoop/adaptive'"})
    EXPECT_THAT(message, HasSubstr(named));
  expect_wording("", message);
}

struct Unambiguous {
  std::string name, text;
};
const std::vector<Unambiguous> unambiguous = {
    {"different keys", two_globs + "peak_growth = \"2 MiB\"\n"},
    {"a table for the scenario itself",
     two_globs + "final_growth = \"2 MiB\"\n[scenario.\"RetryLoop/adaptive\"]\nfinal_growth = \"3 MiB\"\n"},
    {"a glob that is a part of both",
     two_globs + "final_growth = \"2 MiB\"\n[scenario.\"RetryLoop/*/adaptive\"]\n[scenario.\"RetryLoop/adap*e\"]\n"
                 "[scenario.\"Retry*/adaptive\"]\n[scenario.\"RetryLoop/adaptive\"]\nfinal_growth = \"1 MiB\"\n"},
    {"no scenario in both", "schema = 1\n[scenario.\"Large*\"]\ntags = [\"a\"]\n[scenario.\"*e\"]\ntags = [\"b\"]\n"},
};
TEST(RequireTablesMatch, WhatIsSettledIsNotAmbiguous) {
  for (const auto& [name, text] : unambiguous) EXPECT_THAT(mismatch(text), Not(HasSubstr("final_growth"))) << name;
}

TEST(RequireTablesMatch, SaysNothingWhereAllMatch) {
  EXPECT_EQ(mismatch("schema = 1\n[scenario.\"LargePlaylist/150\"]\n"), "no error");
  EXPECT_EQ(mismatch("schema = 1\n"), "no error");
}

TEST(RequireTablesMatch, APlainTableWithoutAPlaceIsNamedAsWell) {
  Config config;
  config.file = "benchmarks.toml";
  config.tables["RetryLoop/adaptiv"];
  const auto message = message_of([&] { config.require_tables_match(known); });
  EXPECT_TRUE(message.starts_with("benchmarks.toml: ")) << message;
  EXPECT_THAT(message, HasSubstr("'RetryLoop/adaptive'"));
}

}  // namespace
}  // namespace soak::config
