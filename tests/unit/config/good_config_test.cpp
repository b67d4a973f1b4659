#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.hpp"

namespace soak::config {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr std::string_view everything = R"(
schema = 1
[run]
binaries = ["soak_scenarios", "./own", "build/bin/more", "/opt/soak/../soak/far"]
results = "../results"
timeout = "90 s"
checkpoint_count = 128
[thresholds]
final_growth = "6 MiB"
peak_growth = "60 MiB"
peak_rss = "1 GiB"
vms_growth = "2 GiB"
heap_growth_per_iteration = "0.5 B"
open_files_growth = 1
threads_growth = 2
children_growth = 3
objects_growth = 4
[severity]
low = "1 MiB"
medium = "2 MiB"
high = "3 MiB"
critical = "4 MiB"
[scenario."RetryLoop/adaptive"]
final_growth = "0 B"
timeout = "1 h"
env = { MALLOC_ARENA_MAX = "1", EMPTY = "" }
iterations = 5000
fixed = true
warm_up = 0
memory_limit = "512 MiB"
expected_growth = "8 MiB"
tags = ["nightly", "retry"]
[scenario."RetryLoop/adaptive".checkpoints]
"after cleanup" = { heap_growth = "64 KiB", rss_growth = "1 MiB", vms_growth = "2 MiB" }
500 = { open_files_growth = 5, threads_growth = 6, children_growth = 7 }
[[waiver]]
scenario = "RetryLoop/*"
metric = "heap_growth"
site = "*retry_log.cpp:41"
reason = "the log is bounded from 2.0 on"
until = 2026-02-03
)";

class Everything : public ::testing::Test {
 protected:
  const Config config = parse_config(everything, "/project/soak/benchmarks.toml");
};

TEST_F(Everything, RunIsReadAndPathsAreRelativeToTheFile) {
  EXPECT_EQ(config.file, "/project/soak/benchmarks.toml");
  EXPECT_THAT(config.binaries,
              ElementsAre("soak_scenarios", "/project/soak/own", "/project/soak/build/bin/more", "/opt/soak/far"));
  EXPECT_EQ(config.results, "/project/results");
  EXPECT_EQ(config.timeout, std::chrono::seconds{90});
  EXPECT_EQ(config.checkpoint_count, 128);
}

TEST_F(Everything, ThresholdsAreReadEachIntoItsOwnField) {
  EXPECT_EQ(config.defaults.final_growth_bytes, 6 << 20);
  EXPECT_EQ(config.defaults.peak_growth_bytes, 60 << 20);
  EXPECT_EQ(config.defaults.peak_rss_bytes, 1 << 30);
  EXPECT_EQ(config.defaults.vms_growth_bytes, std::int64_t{2} << 30);
  EXPECT_EQ(config.defaults.heap_growth_bytes_per_iteration, 0.5);
  EXPECT_EQ(config.defaults.open_files_growth, 1);
  EXPECT_EQ(config.defaults.threads_growth, 2);
  EXPECT_EQ(config.defaults.children_growth, 3);
  EXPECT_EQ(config.defaults.objects_growth, 4);
}

TEST_F(Everything, SeverityIsReadEachIntoItsOwnField) {
  EXPECT_EQ(config.severity.low_bytes, 1 << 20);
  EXPECT_EQ(config.severity.medium_bytes, 2 << 20);
  EXPECT_EQ(config.severity.high_bytes, 3 << 20);
  EXPECT_EQ(config.severity.critical_bytes, 4 << 20);
}

TEST_F(Everything, ScenarioIsRead) {
  const auto settings = config.settings_for("RetryLoop/adaptive");
  EXPECT_EQ(settings.limits.final_growth_bytes, 0);
  EXPECT_EQ(settings.timeout, std::chrono::hours{1});
  EXPECT_THAT(settings.env, ElementsAre(Pair("EMPTY", ""), Pair("MALLOC_ARENA_MAX", "1")));
  EXPECT_EQ(settings.iterations, 5000);
  EXPECT_EQ(settings.is_fixed, true);
  EXPECT_EQ(settings.warm_up, 0);
  EXPECT_EQ(settings.memory_limit_bytes, 512 << 20);
  EXPECT_EQ(settings.expected_growth_bytes, 8 << 20);
  EXPECT_THAT(settings.tags, ElementsAre("nightly", "retry"));
}

TEST_F(Everything, WaiversAreRead) {
  ASSERT_EQ(config.waivers.size(), 1U);
  const auto& waiver = config.waivers.front();
  EXPECT_EQ(waiver.scenario, "RetryLoop/*");
  EXPECT_EQ(waiver.metric, "heap_growth");
  EXPECT_EQ(waiver.site, "*retry_log.cpp:41");
  EXPECT_EQ(waiver.reason, "the log is bounded from 2.0 on");
  EXPECT_EQ(waiver.until, "2026-02-03");
  EXPECT_EQ(waiver.until_place.quote, "  until = 2026-02-03\n          ^");
}

TEST_F(Everything, CheckpointsAreReadInTheOrderOfTheFile) {
  const auto checkpoints = config.settings_for("RetryLoop/adaptive").checkpoints;
  ASSERT_EQ(checkpoints.size(), 2U);
  EXPECT_EQ(checkpoints[0].label, "after cleanup");
  EXPECT_EQ(checkpoints[0].iteration, std::nullopt);
  EXPECT_EQ(checkpoints[0].heap_growth_bytes, 64 << 10);
  EXPECT_EQ(checkpoints[0].rss_growth_bytes, 1 << 20);
  EXPECT_EQ(checkpoints[0].vms_growth_bytes, 2 << 20);
  EXPECT_EQ(checkpoints[0].open_files_growth, std::nullopt);
  EXPECT_EQ(checkpoints[1].label, "");
  EXPECT_EQ(checkpoints[1].iteration, 500);
  EXPECT_EQ(checkpoints[1].open_files_growth, 5);
  EXPECT_EQ(checkpoints[1].threads_growth, 6);
  EXPECT_EQ(checkpoints[1].children_growth, 7);
  EXPECT_EQ(checkpoints[1].heap_growth_bytes, std::nullopt);
}

TEST(GoodConfig, WhatAFileLeavesOutIsBuiltIn) {
  const auto config = parse_config("schema = 1\n[thresholds]\npeak_growth = \"1 B\"\n", "/project/benchmarks.toml");
  EXPECT_EQ(config.defaults.peak_growth_bytes, 1);
  EXPECT_EQ(config.defaults.final_growth_bytes, 5 << 20);
  EXPECT_EQ(config.severity.critical_bytes, 100 << 20);
  EXPECT_EQ(config.timeout, std::chrono::minutes{10});
  EXPECT_EQ(config.results, "/project/results");
  EXPECT_TRUE(config.binaries.empty());
}

struct Good {
  std::string_view name, text;
};
constexpr Good good_texts[] = {
    {"nothing but the schema", "schema = 1"},
    {"byte order mark", "\xEF\xBB\xBFschema = 1\n"},
    {"CRLF", "schema = 1\r\n[run]\r\ntimeout = \"1 s\"\r\n"},
    {"comments with any text", "schema = 1 # \u4e2d\u6587\n"},
    {"empty tables", "schema = 1\n[run]\n[thresholds]\n[severity]\n[scenario]\n[scenario.R]\n"},
    {"dotted keys", "schema = 1\nrun.timeout = \"1 s\"\nscenario.R.checkpoints.end.rss_growth = \"1 MiB\"\n"},
    {"schema last", "run.timeout = \"1 s\"\nschema = 1\n"},
};
TEST(GoodConfig, IsAccepted) {
  for (const auto& [name, text] : good_texts) EXPECT_NO_THROW((void)parse_config(text, "benchmarks.toml")) << name;
}

}  // namespace
}  // namespace soak::config
