#include "report/metrics.hpp"

#include <fmt/format.h>

#include <cmath>

namespace soak::report {
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
  if (value == 0) return "0";  // and not -0
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
