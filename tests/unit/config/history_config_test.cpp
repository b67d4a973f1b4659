// [history], [compare] and [rename].
#include <gtest/gtest.h>

#include <filesystem>

#include "config/config.hpp"
#include "message_of.hpp"

namespace soak::config {
namespace {

Config parsed(const std::string& text) { return parse_config("schema = 1\n" + text, "/here/benchmarks.toml"); }

std::string refusal_of(const std::string& text) { return message_about("schema = 1\n" + text); }

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

struct BadText {
  std::string name, text, message;
};
const std::vector<BadText> bad_texts = {
    {"unknown metric", "[compare]\nallocations = \"+0 %\"\n",
     "benchmarks.toml:3:1: unknown key 'allocations' in [compare]; did you mean 'allocations_per_iteration'?\n"
     "  allocations = \"+0 %\"\n"
     "  ^"},
    {"no plus", "[compare]\niteration_time_ns = \"5 %\"\n",
     "benchmarks.toml:3:21: iteration_time_ns takes by how much it may be greater, such as \"+5 %\", not \"5 %\"\n"
     "  iteration_time_ns = \"5 %\"\n"
     "                      ^"},
    {"an amount of time", "[compare]\niteration_time_ns = \"+5 ms\"\n",
     "benchmarks.toml:3:21: iteration_time_ns takes by how much it may be greater, such as \"+5 %\", not \"+5 ms\"\n"
     "  iteration_time_ns = \"+5 ms\"\n"
     "                      ^"},
    {"bytes for a count", "[compare]\nopen_files_growth = \"+5 B\"\n",
     "benchmarks.toml:3:21: open_files_growth takes by how much it may be greater, such as \"+0 %\" or \"+1\", not "
     "\"+5 B\"\n"
     "  open_files_growth = \"+5 B\"\n"
     "                      ^"},
    {"negative", "[compare]\nheap_peak_bytes = \"+-5 %\"\n",
     "benchmarks.toml:3:19: heap_peak_bytes takes by how much it may be greater, such as \"+10 %\" or \"+64 KiB\", "
     "not "
     "\"+-5 %\"\n"
     "  heap_peak_bytes = \"+-5 %\"\n"
     "                    ^"},
    {"not a number", "[compare]\nheap_peak_bytes = \"+nan %\"\n",
     "benchmarks.toml:3:19: heap_peak_bytes takes by how much it may be greater, such as \"+10 %\" or \"+64 KiB\", "
     "not "
     "\"+nan %\"\n"
     "  heap_peak_bytes = \"+nan %\"\n"
     "                    ^"},
    {"a number", "[compare]\nheap_peak_bytes = 5\n",
     "benchmarks.toml:3:19: heap_peak_bytes must be a string such as \"+10 %\" or \"+64 KiB\", not a whole number\n"
     "  heap_peak_bytes = 5\n"
     "                    ^"},
    {"another database", "[history]\nstore = \"mysql://host/x\"\n",
     "benchmarks.toml:3:9: store must be a file, or begin with postgresql://, not \"mysql://host/x\"\n"
     "  store = \"mysql://host/x\"\n"
     "          ^"},
    {"unknown key", "[history]\nstor = \"x\"\n",
     "benchmarks.toml:3:1: unknown key 'stor' in [history]; did you mean 'store'?\n"
     "  stor = \"x\"\n"
     "  ^"},
    {"renamed in a circle", "[rename]\na = \"b\"\nb = \"a\"\n",
     "benchmarks.toml:4:5: b leads back to 'b'; a scenario has one newest name\n"
     "  b = \"a\"\n"
     "      ^"},
    {"renamed to nothing", "[rename]\na = \"\"\n",
     "benchmarks.toml:3:5: a must be a string with the scenario's newer name\n"
     "  a = \"\"\n"
     "      ^"},
};
TEST(BadHistoryConfig, IsAnsweredWithPlaceAndWayOut) {
  for (const auto& [name, text, message] : bad_texts) EXPECT_EQ(refusal_of(text), message) << name;
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
