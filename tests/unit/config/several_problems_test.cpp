// More than one thing wrong in benchmarks.toml: all of it is told at once, in the order of the file.
#include <gmock/gmock.h>

#include "message_of.hpp"

namespace soak::config {
namespace {

using testing::ElementsAre;

TEST(SeveralProblems, AreToldInTheOrderOfTheFile) {
  const auto message =
      message_about("schema = 1\n[thresholds]\nthreads_growth = -1\n[run]\ntimeout = 5\nresult = \"x\"\n");
  EXPECT_THAT(places_in(message), ElementsAre("3:18", "5:11", "6:1"));
  expect_wording("", message);
}

TEST(SeveralProblems, OfATableInTwoPartsKeepTheOrderOfTheFile) {
  const auto message = message_about(
      "schema = 1\n[scenario.A]\nwarm_up = 5\niterations = 5\ntag = []\n[scenarios]\n[scenario.B]\n"
      "timeout = 5\n");
  EXPECT_THAT(places_in(message), ElementsAre("3:11", "5:1", "6:2", "8:11"));
}

TEST(SeveralProblems, OfVeryManyTheFirstAreToldAndTheRestCounted) {
  std::string text = "schema = 1\n[thresholds]\n";
  for (int i = 0; i < 25; ++i) text += "nonsense_" + std::to_string(i) + " = 1\n";
  const auto message = message_about(text);
  EXPECT_NE(message.find("'nonsense_19'"), std::string::npos) << message;
  EXPECT_EQ(message.find("'nonsense_20'"), std::string::npos) << message;
  const auto rest = message.substr(message.rfind('\n') + 1);
  EXPECT_THAT(rest, testing::HasSubstr("5"));
  expect_wording("", rest);
}

}  // namespace
}  // namespace soak::config
