// The parts of the page, taken from html/ and from the plot libraries when soak is built; see EmbedText.cmake.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace soak::report {

namespace html_parts {
extern const std::string_view page, style, libraries, script;
}

/// The page with each {{name}} in it replaced.
[[nodiscard]] std::string fill_page(const std::vector<std::pair<std::string_view, std::string_view>>& values);

}  // namespace soak::report
