#include "base/shell_words.hpp"

#include <gtest/gtest.h>

namespace soak {
namespace {

TEST(QuotedForShell, IsOneWordInAnyShell) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"results/latest", "results/latest"}, {"--format=%h@main", "--format=%h@main"}, {"", "''"},
      {"two words", "'two words'"},         {"it's $HOME", "'it'\\''s $HOME'"},       {"a\nb", "'a\nb'"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(quoted_for_shell(text), expected);
}

TEST(QuotedForShell, JoinsWordsOfACommandLine) {
  EXPECT_EQ(quoted_for_shell(std::vector<std::string>{"soak", "run", "a b", ""}), "soak run 'a b' ''");
}

}  // namespace
}  // namespace soak
