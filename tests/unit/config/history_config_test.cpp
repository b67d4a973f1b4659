// [history], [compare] and [rename].
#include <gtest/gtest.h>

#include <filesystem>

#include "config/config.hpp"
#include "message_of.hpp"

namespace soak::config {
namespace {

Config parsed(const std::string& text) { return parse_config("schema = 1\n" + text, "/here/benchmarks.toml"); }

struct GoodGate {
  std::string metric, written;
  std::optional<double> percent, amount;
};
const std::vector<GoodGate> good_gates = {
    {"allocations_per_iteration", "+0 %", 0.0, {}},
    {"allocations_per_iteration", "+2.5%", 2.5, {}},
    {"allocations_per_iteration", "+0.25", {}, 0.25},
    {"heap_peak_bytes", "+64 KiB", {}, 65536.0},
    {"heap_growth_bytes_per_iteration", "+0.5 B", {}, 0.5},
    {"open_files_growth", "+1", {}, 1.0},
    {"iteration_time_ns", "+10 %", 10.0, {}},
};
TEST(Gates, ArePercentOrAmountsInTheMetricsUnit) {
  for (const auto& [metric, written, percent, amount] : good_gates) {
    const auto gates = parsed("[compare]\n" + metric + " = \"" + written + "\"\n").gates;
    ASSERT_EQ(gates.size(), 1U) << written;
    const auto& gate = gates.at(metric);
    EXPECT_EQ(gate.text, written);
    EXPECT_EQ(gate.percent, percent) << written;
    EXPECT_EQ(gate.amount, amount) << written;
  }
}

const std::vector<Bad> bad_texts = {
    {"unknown metric", "[compare]\nallocations = \"+0 %\"\n", "3:1", "allocations_per_iteration"},
    {"no plus", "[compare]\niteration_time_ns = \"5 %\"\n", "3:21"},
    {"an amount of time", "[compare]\niteration_time_ns = \"+5 ms\"\n", "3:21"},
    {"bytes for a count", "[compare]\nopen_files_growth = \"+5 B\"\n", "3:21"},
    {"negative", "[compare]\nheap_peak_bytes = \"+-5 %\"\n", "3:19"},
    {"not a number", "[compare]\nheap_peak_bytes = \"+nan %\"\n", "3:19"},
    {"a number", "[compare]\nheap_peak_bytes = 5\n", "3:19"},
    {"another database", "[history]\nstore = \"mysql://host/x\"\n", "3:9"},
    {"unknown key", "[history]\nstor = \"x\"\n", "3:1", "store"},
    {"renamed in a circle", "[rename]\na = \"b\"\nb = \"a\"\n", "4:5"},
    {"renamed to nothing", "[rename]\na = \"\"\n", "3:5"},
};
TEST(BadHistoryConfig, IsAnsweredWithPlaceAndWayOut) {
  for (auto bad : bad_texts) {
    bad.text = "schema = 1\n" + bad.text;
    expect_refused(bad);
  }
}

TEST(Store, IsAFileBesideTheConfigOrAServer) {
  EXPECT_EQ(parsed("").store, "");
  EXPECT_EQ(parsed("[history]\nstore = \"a/h.db\"\n").store, "/here/a/h.db");
  EXPECT_EQ(parsed("[history]\nstore = \"/h.db\"\n").store, "/h.db");
  EXPECT_EQ(parsed("[history]\nstore = \"postgresql://soak@host/db\"\n").store, "postgresql://soak@host/db");
}

TEST(Rename, FollowsEveryStep) {
  const auto config = parsed("[rename]\na = \"b\"\nb = \"c/d\"\n");
  EXPECT_EQ(config.newest_name("a"), "c/d");
  EXPECT_EQ(config.newest_name("b"), "c/d");
  EXPECT_EQ(config.newest_name("x"), "x");
}

}  // namespace
}  // namespace soak::config
