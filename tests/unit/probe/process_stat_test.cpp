#include <gtest/gtest.h>
#include <unistd.h>

#include <string_view>
#include <vector>

#include "probe/os_figures.hpp"

namespace soak::probe {
namespace {

TEST(ParseProcessStat, FindsStateAndStartBehindTheLastParenthesis) {
  struct Case {
    std::string_view stat;
    char state;
    std::int64_t start_ticks;
  };
  for (const auto& [stat, state, start_ticks] : std::vector<Case>{
           {"1 (init) S 0 1 1 0 -1 4194560 9 8 7 6 5 4 3 2 20 0 1 0 777 5 6\n", 'S', 777},
           {"1 (a) Z (b) c) R 0 1 1 0 -1 4194560 9 8 7 6 5 4 3 2 20 0 1 0 778 5 6\n", 'R', 778},
           {"1 (gone) Z 0 1 1 0 -1 4194560 9 8 7 6 5 4 3 2 20 0 1 0 779", 'Z', 779},
           {"1 (cut) Z 0 1", 'Z', layout::absent},
           {"1 (cut)", '\0', layout::absent},
           {"no parenthesis", '\0', layout::absent},
           {"", '\0', layout::absent},
       }) {
    const auto parsed = parse_process_stat({stat.data(), stat.size()});
    EXPECT_EQ(parsed.state, state) << stat;
    EXPECT_EQ(parsed.start_ticks, start_ticks) << stat;
  }
}

TEST(ReadProcessStat, KnowsThisProcess) {
  const auto self = read_process_stat(getpid());
  EXPECT_EQ(self.state, 'R');
  EXPECT_GT(self.start_ticks, 0);
}

TEST(ReadProcessStat, KnowsNothingOfAProcessThatIsNotThere) {
  const auto nobody = read_process_stat(std::int64_t{1} << 40);
  EXPECT_EQ(nobody.state, '\0');
  EXPECT_EQ(nobody.start_ticks, layout::absent);
}

}  // namespace
}  // namespace soak::probe
