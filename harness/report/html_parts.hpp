// The parts of the page, taken from html/ and from the plot libraries when soak is built; see EmbedText.cmake.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/json_text.hpp"

namespace soak::report {

namespace html_parts {
extern const std::string_view page, style, libraries, script;
}

/// The page with each {{name}} in it replaced.
[[nodiscard]] std::string fill_page(const std::vector<std::pair<std::string_view, std::string_view>>& values);

/// A script element of that id with data in it. Nothing in it can end the element, or begin a comment.
[[nodiscard]] std::string data_element(const std::string& id, const Json& json);

/// Between tags.
[[nodiscard]] std::string escaped_for_html(std::string_view text);

}  // namespace soak::report
