#include "report/formats.hpp"

#include <algorithm>

#include "report/ci_reports.hpp"
#include "report/html.hpp"
#include "report/markdown.hpp"
#include "report/openmetrics.hpp"
#include "report/profiles.hpp"
#include "report/sarif.hpp"

namespace soak::report {

const std::vector<Format>& all_formats() {
  static const std::vector<Format> formats = {
      {"html", "report.html", "one page for people, with curves and call sites", render_html},
      {"junit", "junit.xml", "JUnit XML", render_junit},
      {"sarif", "leaks.sarif", "SARIF 2.1.0", render_sarif},
      {"markdown", "summary.md", "for a step summary or a pull request", render_markdown},
      {"github", "github.txt", "GitHub annotations", render_github},
      {"gitlab", "gl-code-quality.json", "GitLab code quality", render_gitlab},
      {"gitlab-metrics", "gl-metrics.txt", "GitLab metrics", render_gitlab_metrics},
      {"openmetrics", "metrics.prom", "OpenMetrics, for Prometheus", render_openmetrics},
      {"pprof", "heap.pb.gz", "growth by call site, for pprof", render_pprof},
      {"collapsed", "stacks.collapsed", "growth by call site, for flame graphs", render_collapsed},
      {"ctest", "ctest.xml", "CTest measurements", render_ctest},
  };
  return formats;
}

const Format* find_format(std::string_view name) {
  const auto found = std::ranges::find(all_formats(), name, &Format::name);
  return found == all_formats().end() ? nullptr : &*found;
}

}  // namespace soak::report
