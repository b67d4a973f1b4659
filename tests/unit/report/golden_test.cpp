// Whole reports, to the character: tests/golden has what they were when somebody last looked at them.
#include "golden.hpp"

#include <gtest/gtest.h>

#include "hand_made.hpp"
#include "report/ci_reports.hpp"
#include "report/formats.hpp"
#include "report/html.hpp"
#include "report/markdown.hpp"
#include "report/openmetrics.hpp"
#include "report/profiles.hpp"
#include "report/sarif.hpp"
#include "report/terminal.hpp"

namespace soak::report {
namespace {

TEST(Golden, Terminal) {
  const auto made = one_of_each();
  expect_golden_file("terminal.txt", render_terminal(made.subject(), {.width = 120}));
}

TEST(Golden, TerminalNarrowWithoutUnicode) {
  const auto made = one_of_each();
  expect_golden_file("terminal-narrow.txt",
                     render_terminal(made.subject(), {.width = 60, .color = false, .unicode = false}));
}

TEST(Golden, TerminalInColor) {
  const auto made = one_of_each();
  expect_golden_file("terminal-color.txt", render_terminal(made.subject(), {.width = 120, .color = true}));
}

TEST(Golden, TerminalWithEveryStack) {
  const auto made = one_of_each();
  expect_golden_file("terminal-full.txt", render_terminal(made.subject(), {.width = 120}, Detail::full));
}

TEST(Golden, EveryTextFormat) {
  const auto made = one_of_each();
  for (const auto& format : all_formats())
    if (format.name != "html" && format.name != "pprof")
      expect_golden_file(format.file_name, format.render(made.subject()));
}

TEST(Golden, NothingRun) {
  const HandMade nothing;
  expect_golden_file("nothing.md", render_markdown(nothing.subject()));
}

}  // namespace
}  // namespace soak::report
