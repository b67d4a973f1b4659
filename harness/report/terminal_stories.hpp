// What failed, each as a short story: what grew, how fast, since when, where, the likely cause, and what to do next.
#pragma once

#include <string>

#include "report/subject.hpp"
#include "report/terminal_style.hpp"

namespace soak::report {

enum class Detail {
  summary,  ///< The sites that matter, a line each.
  full,     ///< Every site, with its stack.
};

/// Most urgent first, an empty line before each.
[[nodiscard]] std::string render_stories(const Subject& subject, const TerminalStyle& style, Detail detail);

}  // namespace soak::report
