// Every format a report comes in.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "report/subject.hpp"

namespace soak::report {

[[nodiscard]] std::string render_html(const Subject& subject);
/// Jenkins' schema, which GitLab, GitHub actions and others read: failure for a verdict, error for what could not be
/// measured or decided.
[[nodiscard]] std::string render_junit(const Subject& subject);
/// SARIF 2.1.0 as GitHub's code scanning takes it: the leaking line as location, the stack as code flow.
[[nodiscard]] std::string render_sarif(const Subject& subject);
/// GitHub's flavour, for a step summary or a comment; at most 60,000 bytes.
[[nodiscard]] std::string render_markdown(const Subject& subject);
/// GitHub's workflow commands: one annotation a finding at the line to blame.
[[nodiscard]] std::string render_github(const Subject& subject);
/// GitLab's code quality report.
[[nodiscard]] std::string render_gitlab(const Subject& subject);
/// GitLab's metrics report. GitLab compares values as text: they are rounded.
[[nodiscard]] std::string render_gitlab_metrics(const Subject& subject);
/// OpenMetrics text, as Prometheus' textfile collector reads it as well.
[[nodiscard]] std::string render_openmetrics(const Subject& subject);
/// A gzipped profile of growth by call site, for pprof. Empty of samples where nothing was explained.
[[nodiscard]] std::string render_pprof(const Subject& subject);
/// A line a stack, outermost function first, with the bytes it grew by, for flame graph tools.
[[nodiscard]] std::string render_collapsed(const Subject& subject);
/// What CTest takes out of a test's output as its measurements.
[[nodiscard]] std::string render_ctest(const Subject& subject);

struct Format {
  std::string_view name;       ///< As on the command line and in benchmarks.toml.
  std::string_view file_name;  ///< In the record's folder.
  std::string_view what;       ///< For `--help`.
  std::string (*render)(const Subject& subject);
};

[[nodiscard]] const std::vector<Format>& all_formats();
/// Null where there is none of that name.
[[nodiscard]] const Format* find_format(std::string_view name);

}  // namespace soak::report
