// The verdict of a run in Markdown.
#pragma once

#include <string>

#include "report/subject.hpp"

namespace soak::report {

/// GitHub's flavour, for a step summary or a comment; at most 60,000 bytes.
[[nodiscard]] std::string render_markdown(const Subject& subject);

}  // namespace soak::report
