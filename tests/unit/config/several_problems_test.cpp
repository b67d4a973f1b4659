// More than one thing wrong in benchmarks.toml: all of it is told at once, in the order of the file.
#include <gtest/gtest.h>

#include "message_of.hpp"

namespace soak::config {
namespace {

TEST(SeveralProblems, AreToldInTheOrderOfTheFile) {
  EXPECT_EQ(message_about("schema = 1\n[thresholds]\nthreads_growth = -1\n[run]\ntimeout = 5\nresult = \"x\"\n"),
            "benchmarks.toml:3:18: threads_growth must not be negative\n"
            "  threads_growth = -1\n"
            "                   ^\n"
            "benchmarks.toml:5:11: timeout: \"5\" has no unit; write \"5 s\"\n"
            "  timeout = 5\n"
            "            ^\n"
            "benchmarks.toml:6:1: unknown key 'result' in [run]; did you mean 'results'?\n"
            "  result = \"x\"\n"
            "  ^");
}

TEST(SeveralProblems, OfATableInTwoPartsKeepTheOrderOfTheFile) {
  EXPECT_EQ(
      message_about("schema = 1\n[scenario.A]\nwarm_up = 5\niterations = 5\ntag = []\n[scenarios]\n[scenario.B]\n"
                    "timeout = 5\n"),
      "benchmarks.toml:3:11: warm_up must be less than iterations (5)\n"
      "  warm_up = 5\n"
      "            ^\n"
      "benchmarks.toml:5:1: unknown key 'tag' in [scenario.\"A\"]; did you mean 'tags'?\n"
      "  tag = []\n"
      "  ^\n"
      "benchmarks.toml:6:2: unknown key 'scenarios'; did you mean 'scenario'?\n"
      "  [scenarios]\n"
      "   ^\n"
      "benchmarks.toml:8:11: timeout: \"5\" has no unit; write \"5 s\"\n"
      "  timeout = 5\n"
      "            ^");
}

TEST(SeveralProblems, OfVeryManyTheFirstAreToldAndTheRestCounted) {
  std::string text = "schema = 1\n[thresholds]\n";
  for (int i = 0; i < 25; ++i) text += "nonsense_" + std::to_string(i) + " = 1\n";
  const auto message = message_about(text);
  EXPECT_NE(message.find("'nonsense_19'"), std::string::npos) << message;
  EXPECT_EQ(message.find("'nonsense_20'"), std::string::npos) << message;
  EXPECT_TRUE(message.ends_with("\nand 5 more")) << message;
}

}  // namespace
}  // namespace soak::config
