#include "report/openmetrics.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>

#include "base/text.hpp"

namespace soak::report {

namespace {

using verdict::RunVerdict;
using verdict::Verdict;

constexpr std::array verdicts{Verdict::pass,    Verdict::leak,         Verdict::over_threshold,
                              Verdict::growing, Verdict::inconclusive, Verdict::error};

std::string head(std::string_view name, std::string_view help) {
  return fmt::format("# HELP soak_{0} {1}\n# TYPE soak_{0} gauge\n", name, help);
}

std::string sample(std::string_view name, std::string_view labels, double value) {
  return fmt::format("soak_{}{} {}\n", name, labels.empty() ? "" : fmt::format("{{{}}}", labels), number_text(value));
}

std::string scenario_label(const verdict::ScenarioVerdict& scenario) {
  return fmt::format("scenario=\"{}\"", label_value(scenario.name));
}

std::string verdict_samples(const RunVerdict& run) {
  auto text = head("scenario_verdict", "1 for the verdict of the scenario, 0 for the others.");
  for (const auto& scenario : run.scenarios)
    for (const auto verdict : verdicts)
      text +=
          sample("scenario_verdict", fmt::format("{},verdict=\"{}\"", scenario_label(scenario), to_string(verdict)),
                 scenario.verdict == verdict ? 1 : 0);
  return text;
}

/// OpenMetrics wants all samples of a metric together.
std::string metric_samples(const RunVerdict& run, std::size_t index) {
  std::string text;
  for (const auto& scenario : run.scenarios) {
    const auto metric = metrics_of(scenario)[index];
    if (!metric.value) continue;
    if (text.empty()) text = head(metric.name, metric.help);
    text += sample(metric.name, scenario_label(scenario), *metric.value);
  }
  return text;
}

/// Seconds since 1970 for "2026-11-24T03:00:00Z"; empty for anything but such a time.
std::optional<double> seconds_since_1970(const std::string& time) {
  std::tm parts{};
  if (std::sscanf(time.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
                  &parts.tm_hour, &parts.tm_min, &parts.tm_sec) != 6)
    return {};
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  return static_cast<double>(timegm(&parts));
}

std::string run_samples(const Subject& subject) {
  auto text = head("run_passed", "1 where everything passed, else 0.");
  text += sample("run_passed", "", verdict::exit_status(subject.verdict) == 0 ? 1 : 0);
  if (const auto time = seconds_since_1970(subject.run.started_at)) {
    text += head("run_start_timestamp_seconds", "When the run began, seconds since 1970.");
    text += sample("run_start_timestamp_seconds", "", *time);
  }
  return text;
}

}  // namespace

std::string label_value(std::string_view text) {
  std::string value;
  // The backslash of an escaped control character is an ordinary one here.
  for (const char character : sanitize(text, any_length)) {
    if (character == '\\' || character == '"') value += '\\';
    value += character;
  }
  return value;
}

std::string render_openmetrics(const Subject& subject) {
  auto text = run_samples(subject);
  if (!subject.verdict.scenarios.empty()) {
    text += verdict_samples(subject.verdict);
    const auto count = metrics_of(subject.verdict.scenarios.front()).size();
    for (std::size_t i = 0; i < count; ++i) text += metric_samples(subject.verdict, i);
  }
  return text + "# EOF\n";
}

namespace {

std::optional<double> finite(const auto& value) {
  if (!value || !std::isfinite(static_cast<double>(*value))) return {};
  return static_cast<double>(*value);
}

}  // namespace

std::vector<Metric> metrics_of(const verdict::ScenarioVerdict& scenario) {
  auto seconds = finite(scenario.iteration_time_ns);
  if (seconds) *seconds *= 1e-9;
  return {
      {"iterations", "Iterations that were run and judged.", finite(scenario.iterations)},
      {"heap_growth_bytes_per_iteration", "Growth of the live heap after warm-up, bytes an iteration.",
       finite(scenario.heap_growth_bytes_per_iteration)},
      {"heap_growth_limit_bytes_per_iteration", "Limit of the growth of the live heap, bytes an iteration.",
       finite(scenario.heap_growth_limit_bytes_per_iteration)},
      {"rss_growth_bytes", "Growth of resident memory, final checkpoint against baseline.",
       finite(scenario.rss_growth_bytes)},
      {"rss_growth_limit_bytes", "Limit of the growth of resident memory.",
       finite(scenario.final_growth_limit_bytes)},
      {"rss_peak_growth_bytes", "Growth of resident memory, highest point against baseline.",
       finite(scenario.rss_peak_growth_bytes)},
      {"rss_peak_growth_limit_bytes", "Limit of the peak of resident memory.",
       finite(scenario.peak_growth_limit_bytes)},
      {"iteration_seconds", "Wall time of an iteration, measuring left out.", seconds},
  };
}

std::string number_text(double value) {
  if (value == 0) return "0";  // not -0
  if (std::abs(value) < 1e15 && value == std::floor(value)) return fmt::format("{:.0f}", value);
  return fmt::format("{}", value);
}

std::string rounded_text(double value) {
  if (value == 0) return "0";
  const auto digits = 2 - static_cast<int>(std::floor(std::log10(std::abs(value))));
  const auto scale = std::pow(10.0, digits);
  const auto rounded = std::isfinite(scale) ? std::round(value * scale) / scale : 0.0;
  auto text = fmt::format("{:.{}f}", rounded, std::max(digits, 0));
  if (text.find('.') != std::string::npos) text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return rounded == 0 ? "0" : text;
}

}  // namespace soak::report
