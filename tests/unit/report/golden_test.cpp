// Whole reports, to the character: tests/golden has what they were when somebody last looked at them. With
// SOAK_UPDATE_GOLDEN=1 in the environment a test writes its file anew; look at the difference before committing it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

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

std::string content_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void expect_golden(const std::string& text, const std::string& name) {
  const auto file = std::filesystem::path(SOAK_SOURCE_DIR) / "tests/golden" / name;
  if (std::getenv("SOAK_UPDATE_GOLDEN") != nullptr) std::ofstream(file, std::ios::binary) << text;
  EXPECT_EQ(text, content_of(file)) << file;
}

TEST(Golden, Terminal) {
  const auto made = one_of_each();
  expect_golden(render_terminal(made.subject(), {.width = 120}), "terminal.txt");
}

TEST(Golden, TerminalNarrowWithoutUnicode) {
  const auto made = one_of_each();
  expect_golden(render_terminal(made.subject(), {.width = 60, .color = false, .unicode = false}),
                "terminal-narrow.txt");
}

TEST(Golden, TerminalInColor) {
  const auto made = one_of_each();
  expect_golden(render_terminal(made.subject(), {.width = 120, .color = true}), "terminal-color.txt");
}

TEST(Golden, TerminalWithEveryStack) {
  const auto made = one_of_each();
  expect_golden(render_terminal(made.subject(), {.width = 120}, Detail::full), "terminal-full.txt");
}

TEST(Golden, EveryTextFormat) {
  const auto made = one_of_each();
  for (const auto& format : all_formats())
    if (format.name != "html" && format.name != "pprof")
      expect_golden(format.render(made.subject()), std::string(format.file_name));
}

TEST(Golden, NothingRun) {
  const HandMade nothing;
  expect_golden(render_markdown(nothing.subject()), "nothing.md");
}

}  // namespace
}  // namespace soak::report
