// A folder of pages for an archive of nights: one for all runs, one a scenario with its figures over commits.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "history/measurement.hpp"
#include "history/trend.hpp"

namespace soak::report {

struct SiteRun {
  history::RunInfo info;
  std::map<std::string, std::string> verdicts;  ///< By scenario, as in verdict.json; empty text: not judged.
  std::string report_link;  ///< From the site's folder to the run's own page; empty: there is none.
};

struct SitePage {
  std::string file_name, content;
};

/// `runs`: newest first. index.html comes first.
[[nodiscard]] std::vector<SitePage> render_site(const std::vector<SiteRun>& runs, const history::Trend& trend);

}  // namespace soak::report
