// The page about one run, and the pages about all runs.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "history/measurement.hpp"
#include "history/metric_trend.hpp"
#include "report/json_text.hpp"
#include "report/subject.hpp"

namespace soak::report {

[[nodiscard]] std::string render_html(const Subject& subject);

// --- A folder of pages about an archive of runs: one for all runs, one per scenario with its figures over commits

struct SiteRun {
  history::RunInfo info;
  std::map<std::string, std::string> verdicts;  ///< By scenario, as in verdict.json; an empty text: not judged.
  std::string report_link;  ///< From the site's folder to the run's own page; empty: there is none.
};

struct SitePage {
  std::string file_name, content;
};

/// `runs`: newest first. index.html comes first.
[[nodiscard]] std::vector<SitePage> render_site(const std::vector<SiteRun>& runs, const history::Trend& trend);

// --- The parts of the page, taken from html/ and from the plot libraries when soak is built; see EmbedText.cmake

namespace html_parts {
extern const std::string_view page, style, libraries, script;
}

/// The page with each {{name}} in it replaced.
[[nodiscard]] std::string fill_page(const std::vector<std::pair<std::string_view, std::string_view>>& values);

/// A script element of that id with data in it. Nothing in the data can end the element or start a comment.
[[nodiscard]] std::string data_element(const std::string& id, const Json& json);

/// The text as it may stand between tags.
[[nodiscard]] std::string escaped_for_html(std::string_view text);

}  // namespace soak::report
