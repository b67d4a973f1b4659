// Formats for CI services: JUnit, GitHub's annotations, GitLab's reports, CTest's measurements.
#pragma once

#include <string>

#include "report/subject.hpp"

namespace soak::report {

/// Jenkins' schema, which GitLab, GitHub actions and others read: failure for a verdict, error for what could not be
/// measured or decided.
[[nodiscard]] std::string render_junit(const Subject& subject);
/// GitHub's workflow commands: one annotation per finding at the responsible line.
[[nodiscard]] std::string render_github(const Subject& subject);
/// GitLab's code quality report.
[[nodiscard]] std::string render_gitlab(const Subject& subject);
/// GitLab's metrics report. GitLab compares values as text: they are rounded.
[[nodiscard]] std::string render_gitlab_metrics(const Subject& subject);
/// Measurements that CTest takes out of a test's output.
[[nodiscard]] std::string render_ctest(const Subject& subject);

}  // namespace soak::report
