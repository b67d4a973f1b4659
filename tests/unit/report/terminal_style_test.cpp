#include "report/terminal_style.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>
#include <vector>

namespace soak::report {
namespace {

using Variables = std::map<std::string, std::string>;

Environment environment_of(const Variables& variables) {
  return [=](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

struct ColorCase {
  ColorChoice choice;
  Variables variables;
  bool is_terminal, expected;
};
const std::vector<ColorCase> color_cases = {
    {ColorChoice::automatic, {}, true, true},
    {ColorChoice::automatic, {}, false, false},
    {ColorChoice::automatic, {{"TERM", "dumb"}}, true, false},
    {ColorChoice::automatic, {{"NO_COLOR", "1"}}, true, false},
    {ColorChoice::automatic, {{"NO_COLOR", ""}}, true, true},
    {ColorChoice::automatic, {{"CLICOLOR_FORCE", "1"}}, false, true},
    {ColorChoice::automatic, {{"CLICOLOR_FORCE", "0"}}, false, false},
    {ColorChoice::automatic, {{"CLICOLOR_FORCE", "1"}, {"NO_COLOR", "1"}}, false, false},
    {ColorChoice::automatic, {{"CLICOLOR_FORCE", "1"}, {"CLICOLOR", "0"}}, false, true},
    {ColorChoice::automatic, {{"CLICOLOR", "0"}}, true, false},
    {ColorChoice::automatic, {{"CLICOLOR", "1"}}, true, true},
    {ColorChoice::always, {{"NO_COLOR", "1"}}, false, true},
    {ColorChoice::never, {{"CLICOLOR_FORCE", "1"}}, true, false},
};

TEST(WantsColor, FlagThenVariablesThenTerminal) {
  for (const auto& [choice, variables, is_terminal, expected] : color_cases)
    EXPECT_EQ(wants_color(choice, environment_of(variables), is_terminal), expected)
        << static_cast<int>(choice) << testing::PrintToString(variables) << is_terminal;
}

TEST(TerminalStyleOf, AFileIsPlainAndAsWideAsColumnsSays) {
  const int file = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  const std::vector<std::pair<std::string, int>> cases = {{"100", 100}, {"3", 40},   {"99999", 1000}, {"0", 120},
                                                          {"-7", 120},  {"8o", 120}, {"", 120}};
  for (const auto& [columns, width] : cases) {
    const auto style = terminal_style(file, ColorChoice::automatic, environment_of({{"COLUMNS", columns}}));
    EXPECT_EQ(style.width, width) << columns;
    EXPECT_FALSE(style.color);
  }
  EXPECT_EQ(terminal_style(file, ColorChoice::automatic, environment_of({})).width, 120);
  ::close(file);
}

struct UnicodeCase {
  Variables environment;
  bool expected;
};

TEST(WantsUnicode, TheFirstLocaleThatIsSetDecides) {
  for (const auto& [environment, expected] : std::vector<UnicodeCase>{
           {{}, true},
           {{{"LANG", "de_DE.UTF-8"}}, true},
           {{{"LANG", "en_US.utf8"}}, true},
           {{{"LANG", "C"}}, false},
           {{{"LANG", "C.UTF-8"}, {"LC_ALL", "POSIX"}}, false},
           {{{"LANG", "C"}, {"LC_CTYPE", "C.UTF-8"}}, true},
           {{{"LANG", "de_DE.ISO-8859-1"}}, false},
           {{{"LANG", "C.UTF-8"}, {"TERM", "dumb"}}, false},
       }) {
    EXPECT_EQ(wants_unicode(environment_of(environment)), expected) << testing::PrintToString(environment);
  }
}

}  // namespace
}  // namespace soak::report
